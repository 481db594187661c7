# ivslint: GNU make, not recursive.
#
#	make demo	install what the build needs, build, audit testdata/demo
#	make test	install what the tests need, build, run every test
#	make		build only		make check	test only
#	make help	the rest
#
# V=1 shows the commands. The variables CC CFLAGS CPPFLAGS LDFLAGS LDLIBS
# PREFIX BINDIR MANDIR DATADIR LIBEXECDIR DESTDIR PKG_CONFIG are yours.

VERSION    = 0.1.0

CC        ?= cc
CFLAGS    ?= -O3 -g
PREFIX    ?= /usr/local
BINDIR    ?= $(PREFIX)/bin
DATADIR   ?= $(PREFIX)/share/ivslint
LIBEXECDIR ?= $(PREFIX)/libexec
MANDIR    ?= $(PREFIX)/share/man
SHELLDIR  ?= $(PREFIX)/share
PKG_CONFIG ?= pkg-config
# static: only SHA-256 of libcrypto goes in, and the program starts in half the
# time. shared: as distributions prefer. The same of libyaml and libpcre2; and of the
# C library where all three are.
CRYPTO    ?= static
LIBS      ?= $(CRYPTO)
# Compilers at one time, where demo and test build.
JOBS      ?= $(shell nproc 2>/dev/null || echo 2)
# A folder of objects a mode, so that changing modes needs no clean.
MODE      ?= release
B         := build/$(MODE)

ifeq ($(V),1)
Q =
say = @:
else
Q = @
say = @printf '  %-6s %s\n'
endif
MAKEFLAGS += --no-print-directory

# ---- what is built --------------------------------------------------------

own-sources := $(wildcard src/*/*.c)
fetch-sources := $(filter-out %/main.c %_test.c %_fuzz.c,$(wildcard src/fetch/*.c))
tool-sources := $(wildcard src/tool/*.c)
test-sources := $(filter %_test.c,$(own-sources))
fuzz-sources := $(filter %_fuzz.c,$(own-sources))
# What fetches is a program of its own: ivslint holds nothing of src/fetch.
lib-sources := $(filter-out $(tool-sources) src/fetch/% $(test-sources) $(fuzz-sources),$(own-sources))
packs       := $(sort $(wildcard rules/*.yaml))
# Texts that the program holds: each is a header of src/report too.
embedded    := report_schema html_css html_js html_findings

lib-objects := $(lib-sources:src/%.c=$B/%.o) $B/packs.o $(embedded:%=$B/%.o)
program     := $B/ivslint
library     := $B/libivslint.a
fetch-program := $B/ivslint-fetch
fetch-library := $B/libfetch.a
tests       := $(test-sources:src/%.c=$B/test/%)
fuzzers     := $(fuzz-sources:src/%.c=$B/fuzz/%)

# ---- with what ------------------------------------------------------------

warnings := -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes \
	-Wold-style-definition -Wpointer-arith -Wwrite-strings -Wvla -Wformat=2 -Wundef
own-cflags = -std=c11 -pthread $(warnings) $(mode-cflags)
own-cppflags = -D_POSIX_C_SOURCE=200809L -Isrc -DIVSLINT_VERSION='"$(VERSION)"' \
	-DIVSLINT_DATADIR='"$(DATADIR)"' -DIVSLINT_LIBEXECDIR='"$(LIBEXECDIR)"'
own-ldflags = -pthread $(mode-ldflags)

parsers = $(shell $(PKG_CONFIG) --libs yaml-0.1 libpcre2-8)
ifeq ($(LIBS),static)
libs = -Wl,-Bstatic $(parsers) -Wl,-Bdynamic
else
libs = $(parsers)
endif
ifeq ($(CRYPTO),static)
libs += -Wl,-Bstatic -lcrypto -Wl,-Bdynamic
else
libs += -lcrypto
endif

# The program itself needs no loader then, and is still placed anywhere.
ifeq ($(MODE)-$(LIBS)-$(CRYPTO),release-static-static)
program-link = $(link:-pie=-static-pie)
program-libs = $(parsers) -lcrypto
else
program-link = $(link)
program-libs = $(libs)
endif

# libcrypto as libcurl has it: two of them in one process would get into each
# other's way.
fetch-libs = $(shell $(PKG_CONFIG) --libs libcurl libcjson) -lcrypto

mode-cflags-release = -fstack-protector-strong -D_FORTIFY_SOURCE=2 -fPIE
mode-ldflags-release = -pie -Wl,-z,relro,-z,now
mode-cflags-asan = -Werror -O1 -fno-omit-frame-pointer -fsanitize=address,undefined \
	-fno-sanitize-recover=all
mode-ldflags-asan = -fsanitize=address,undefined
mode-cflags-werror = -Werror
mode-cflags-tsan = -Werror -O1 -fsanitize=thread
mode-ldflags-tsan = -fsanitize=thread
mode-cflags-cov = -O0 --coverage
mode-ldflags-cov = --coverage
mode-cflags = $(mode-cflags-$(MODE))
mode-ldflags = $(mode-ldflags-$(MODE))

compile = $(CC) $(own-cppflags) $(CPPFLAGS) $(CFLAGS) $(own-cflags) -MMD -MP
link = $(CC) $(CFLAGS) $(own-cflags) $(own-ldflags) $(LDFLAGS)

# ---- build ----------------------------------------------------------------

.PHONY: all
completions := $B/completion/ivslint.bash $B/completion/ivslint.zsh $B/completion/ivslint.fish
all: $(program) $(fetch-program) $(completions)

$(program): $B/main.o $(library)
	$(say) LINK $@
	$(Q)$(program-link) -o $@ $^ $(program-libs) $(LDLIBS)

$(fetch-program): $B/fetch/main.o $(fetch-library) $(library)
	$(say) LINK $@
	$(Q)$(link) -o $@ $^ $(fetch-libs) $(LDLIBS)

# What shells offer is made from the tables of commands and options.
$B/completion/ivslint.%: $(program)
	$(Q)mkdir -p $(@D) && $(program) completion $* > $@.tmp && mv $@.tmp $@

$(library): $(lib-objects)
	$(say) AR $@
	$(Q)rm -f $@ && $(AR) rcs $@ $^

$(fetch-library): $(fetch-sources:src/%.c=$B/%.o)
	$(say) AR $@
	$(Q)rm -f $@ && $(AR) rcs $@ $^

$B/%.o: src/%.c $B/flags
	$(say) CC $<
	$(Q)mkdir -p $(@D) && $(compile) -c -o $@ $<

# Changed flags build anew.
$B/flags: force
	$(Q)mkdir -p $(@D); printf '%s\n' '$(subst ','\'',$(compile) $(link) $(libs) $(fetch-libs))' | \
		cmp -s - $@ || printf '%s\n' '$(subst ','\'',$(compile) $(link) $(libs) $(fetch-libs))' > $@

# Packs are read when the program is built, so that no run reads them again.
embed-objects := $(filter $B/base/%.o $B/model/%.o,$(lib-objects))
$B/embed_packs: $B/tool/embed_packs.o $(embed-objects)
	$(say) LINK $@
	$(Q)$(link) -o $@ $^ $(libs) $(LDLIBS)
$B/packs.c: $B/embed_packs $(packs)
	$(say) EMBED $@
	$(Q)$B/embed_packs $(packs) > $@.tmp && mv $@.tmp $@
$B/packs.o: $B/packs.c
	$(say) CC $<
	$(Q)$(compile) -c -o $@ $<

# So are the report's schema, which `ivslint schema` prints, and the HTML report's parts.
$B/embed_text: $B/tool/embed_text.o $(embed-objects)
	$(say) LINK $@
	$(Q)$(link) -o $@ $^ $(libs) $(LDLIBS)
$B/report_schema.c: man/ivslint-report.schema.json
$B/html_css.c: src/report/html/page.css
$B/html_js.c: src/report/html/page.js
$B/html_findings.c: src/report/html/findings.html
$(embedded:%=$B/%.c): $B/embed_text
	$(say) EMBED $@
	$(Q)$B/embed_text $(basename $(@F)) $(filter-out %/embed_text,$^) > $@.tmp && mv $@.tmp $@
$(embedded:%=$B/%.o): %.o: %.c
	$(say) CC $<
	$(Q)$(compile) -c -o $@ $<

$B/test/%: src/%.c $(library)
	$(say) TEST $@
	$(Q)mkdir -p $(@D) && $(compile) -MF $@.d -MT $@ -o $@ $< $(own-ldflags) $(LDFLAGS) \
		$(library) $(libs) $(LDLIBS) -lcmocka

# Tests of the fetcher: its own archive, and of the other what that needs of base/.
$B/test/fetch/%: src/fetch/%.c $(fetch-library) $(library)
	$(say) TEST $@
	$(Q)mkdir -p $(@D) && $(compile) -MF $@.d -MT $@ -o $@ $< $(own-ldflags) $(LDFLAGS) \
		$(fetch-library) $(library) $(fetch-libs) $(LDLIBS) -lcmocka

# A fuzz target with a plain main, which replays its seeds; FUZZER=1 and clang
# make the real thing.
$B/fuzz/%: src/%.c src/tool/fuzz_replay.c $(library)
	$(say) FUZZ $@
	$(Q)mkdir -p $(@D) && $(compile) -MF $@.d -MT $@ -o $@ $< src/tool/fuzz_replay.c \
		$(own-ldflags) $(LDFLAGS) $(library) $(libs) $(LDLIBS)

$B/fuzz/fetch/%: src/fetch/%.c src/tool/fuzz_replay.c $(fetch-library) $(library)
	$(say) FUZZ $@
	$(Q)mkdir -p $(@D) && $(compile) -MF $@.d -MT $@ -o $@ $< src/tool/fuzz_replay.c \
		$(own-ldflags) $(LDFLAGS) $(fetch-library) $(library) $(fetch-libs) $(LDLIBS)

# ---- the two commands -----------------------------------------------------

# Installs what is missing of a list of Debian packages. Anywhere else it says
# what is needed and goes on: the compiler will tell what it lacks.
define install-missing
@missing=; for p in $(1); do \
	test "$$(dpkg-query -W -f='$${db:Status-Status}' $$p 2>/dev/null)" = installed || \
		missing="$$missing $$p"; \
done; \
test -z "$$missing" && exit 0; \
if ! command -v apt-get >/dev/null; then echo "make: needed, by Debian's names:$$missing" >&2; exit 0; fi; \
as_root=; test "$$(id -u)" = 0 || as_root=sudo; \
echo "make: installing$$missing"; \
export DEBIAN_FRONTEND=noninteractive; \
$$as_root apt-get update -qq && \
$$as_root apt-get install -y -qq --no-install-recommends $$missing >/dev/null
endef

build-packages = gcc libc6-dev pkg-config libyaml-dev libpcre2-dev libssl-dev \
	libcurl4-openssl-dev libcjson-dev ca-certificates
test-packages = libcmocka-dev cmark-gfm libxml2-utils mandoc python3-minimal python3-yaml python3-jsonschema zsh fish \
	python3-botocore python3-h2 awscli openssl
# npm comes with the Node.js of some; Debian's is a package of its own.
browser-packages = chromium $(if $(shell command -v npm 2>/dev/null),,nodejs npm)
bench-packages = jq nodejs python3-minimal python3-boto3 openssl

.PHONY: deps deps-test deps-browser deps-bench demo test bench
deps:
	$(call install-missing,$(build-packages))
deps-test:
	$(call install-missing,$(build-packages) $(test-packages) $(browser-packages))
# What drives the browser, and what looks for barriers in a page: pinned by a lock file.
deps-browser: deps-test
	$(Q)mkdir -p build/browser && cp testdata/browser/package.json testdata/browser/package-lock.json build/browser
	$(Q)cd build/browser && { cmp -s package-lock.json installed.lock || \
		{ npm ci --omit=optional --ignore-scripts --no-audit --no-fund --loglevel=error && \
		cp package-lock.json installed.lock; }; }
deps-bench:
	$(call install-missing,$(build-packages) $(bench-packages))

# The examples hold violations on purpose: status 1 is the right answer.
demo: deps
	$(Q)$(MAKE) -j$(JOBS) all
	$(Q)cd testdata/demo && ../../$(program) check; status=$$?; \
	printf '\n(exit status %d: everything was audited, and there are findings)\n' $$status; \
	test $$status = 1

test: deps-test deps-browser
	$(Q)$(MAKE) lint
	$(Q)$(MAKE) -j$(JOBS) build-tests
	$(Q)$(MAKE) check BROWSER=must
	$(Q)$(MAKE) check-asan

bench: deps-bench
	$(Q)$(MAKE) all
	$(Q)testdata/bench/run $(BENCH) $(program)

# ---- tests ----------------------------------------------------------------

.PHONY: check check-asan check-units check-rules check-fuzz check-fetch check-browser check-tsan build-tests
# All that a check runs: built side by side, run one after the other.
build-tests: $(program) $(fetch-program) $(tests) $(fuzzers)
# Everything but installing what is missing.
check: check-units check-rules check-fuzz check-fetch $(if $(filter release,$(MODE)),check-browser)
check-asan:
	$(Q)$(MAKE) -j$(JOBS) MODE=asan CRYPTO=shared build-tests
	$(Q)$(MAKE) MODE=asan CRYPTO=shared check
# Races between workers.
check-tsan:
	$(Q)$(MAKE) MODE=tsan CRYPTO=shared CC=clang check-units

check-units: $(program) $(fetch-program) $(tests)
	$(Q)failed=; for t in $(tests); do \
		echo "  RUN    $$t"; \
		IVSLINT=$(program) $$t || failed="$$failed $$t"; \
	done; test -z "$$failed" || { echo "failed:$$failed" >&2; exit 1; }

# The shipped packs pass their own tests; a rule without one fails, and so does
# a condition that they leave open, or a change of a rule that they do not notice.
check-rules: $(program)
	$(Q)for p in $(packs); do echo "  RULES  $$p"; \
		$(program) test --min-coverage 100 --min-score 100 $$p || exit 1; done

# Each target runs its seeds, and past crashers.
check-fuzz: $(fuzzers)
	$(Q)for f in $(fuzzers); do name=$$(basename $$f _fuzz); \
		echo "  SEEDS  testdata/fuzz/$$name"; $$f testdata/fuzz/$$name || exit 1; done

# The fetcher and scan against a loopback service that verifies signatures.
check-fetch: all
	$(Q)echo "  FETCH  testdata/fetch/run"; testdata/fetch/run $(program)

# The HTML report in a real browser. `make test` installs what it needs; by itself
# it is skipped where that is not there. Screenshots are left in build/browser/out.
pages := build/browser/pages
check-browser: $(program) $B/test/report/report_test
	$(Q)if command -v chromium >/dev/null && command -v node >/dev/null && \
		test -e build/browser/installed.lock; then \
		mkdir -p $(pages) && rm -f $(pages)/*.html; \
		IVSLINT_KEEP_PAGES=$(pages) $B/test/report/report_test 2>&1 | grep -v '^\[' ; \
		echo "  RUN    testdata/browser/check.js"; \
		node testdata/browser/check.js $(program) $(pages) build/browser/out; \
	elif test "$(BROWSER)" = must; then \
		echo "make: no chromium, node or build/browser: the HTML report was not tested" >&2; exit 1; \
	else \
		echo "skipped: testdata/browser/check.js: make deps-browser installs what it needs"; \
	fi

# A real fuzzer, for as long as SECONDS says: make fuzz TARGET=src/model/yaml SECONDS=60
.PHONY: fuzz
fuzzes-fetch = $(filter src/fetch/%,$(TARGET))
# a target may include the source that it is of
fuzz-included = $(shell sed -n 's|^.include "\(.*[.]c\)"|src/\1|p' $(TARGET)_fuzz.c)
fuzzed-sources = $(filter-out $(fuzz-included),$(if $(fuzzes-fetch),$(fetch-sources) \
	$(filter src/base/% src/ask/%,$(lib-sources)),$(lib-sources) $B/packs.c $(embedded:%=$B/%.c)))
fuzz:
	$(Q)mkdir -p build/libfuzzer && clang $(own-cppflags) -std=c11 -pthread -g -O1 \
		-fsanitize=fuzzer,address,undefined $(TARGET)_fuzz.c $(fuzzed-sources) \
		-o build/libfuzzer/$(notdir $(TARGET)) $(libs) $(if $(fuzzes-fetch),$(fetch-libs))
	$(Q)mkdir -p build/libfuzzer/corpus-$(notdir $(TARGET))
	build/libfuzzer/$(notdir $(TARGET)) -max_total_time=$(or $(SECONDS),60) \
		build/libfuzzer/corpus-$(notdir $(TARGET)) testdata/fuzz/$(notdir $(TARGET))

# Layers, banned functions, manuals; warnings are errors with both compilers.
.PHONY: lint format
lint:
	$(Q).ci/lint
	$(Q)$(MAKE) -j$(JOBS) MODE=werror all
	$(Q)if command -v clang >/dev/null; then \
		$(MAKE) -j$(JOBS) MODE=werror B=build/clang CC=clang all; fi

format:
	clang-format -i $(own-sources) src/main.c $(wildcard src/*/*.h)

# ---- installing and releasing ---------------------------------------------

.PHONY: install uninstall dist distcheck
manuals = $(wildcard man/*.[0-9])
schemas = $(wildcard man/*.schema.json)
# Where things are, in the manual that is installed with them: one path a line.
man-paths = -e 's|/usr/local/libexec|$(LIBEXECDIR)|' -e t -e 's|/usr/local/share/ivslint|$(DATADIR)|' -e t \
	-e 's|/usr/local/share|$(SHELLDIR)|'
install: $(program) $(fetch-program) $(completions)
	install -d $(DESTDIR)$(BINDIR) $(DESTDIR)$(LIBEXECDIR)/ivslint $(DESTDIR)$(DATADIR)/rules $(DESTDIR)$(DATADIR)/schemas
	install -m 755 $(program) $(DESTDIR)$(BINDIR)/ivslint
	install -m 755 $(fetch-program) $(DESTDIR)$(LIBEXECDIR)/ivslint/ivslint-fetch
	install -m 644 $(packs) $(DESTDIR)$(DATADIR)/rules
	$(if $(schemas),install -m 644 $(schemas) $(DESTDIR)$(DATADIR)/schemas)
	install -d $(DESTDIR)$(SHELLDIR)/bash-completion/completions \
		$(DESTDIR)$(SHELLDIR)/zsh/site-functions $(DESTDIR)$(SHELLDIR)/fish/vendor_completions.d
	install -m 644 $B/completion/ivslint.bash $(DESTDIR)$(SHELLDIR)/bash-completion/completions/ivslint
	install -m 644 $B/completion/ivslint.zsh $(DESTDIR)$(SHELLDIR)/zsh/site-functions/_ivslint
	install -m 644 $B/completion/ivslint.fish $(DESTDIR)$(SHELLDIR)/fish/vendor_completions.d/ivslint.fish
	$(foreach m,$(manuals),install -d $(DESTDIR)$(MANDIR)/man$(subst .,,$(suffix $m)) && \
		sed $(man-paths) $m >$B/$(notdir $m) && \
		install -m 644 $B/$(notdir $m) $(DESTDIR)$(MANDIR)/man$(subst .,,$(suffix $m)) &&) :

# What was installed, by name, and folders that are empty then: they may be shared.
uninstall:
	rm -f $(DESTDIR)$(BINDIR)/ivslint \
		$(DESTDIR)$(SHELLDIR)/bash-completion/completions/ivslint \
		$(DESTDIR)$(SHELLDIR)/zsh/site-functions/_ivslint \
		$(DESTDIR)$(SHELLDIR)/fish/vendor_completions.d/ivslint.fish
	rm -f $(DESTDIR)$(LIBEXECDIR)/ivslint/ivslint-fetch \
		$(addprefix $(DESTDIR)$(DATADIR)/rules/,$(notdir $(packs))) \
		$(addprefix $(DESTDIR)$(DATADIR)/schemas/,$(notdir $(schemas)))
	for d in $(DATADIR)/rules $(DATADIR)/schemas $(DATADIR) $(LIBEXECDIR)/ivslint; do \
		rmdir $(DESTDIR)$$d 2>/dev/null || :; done
	$(foreach m,$(manuals),rm -f $(DESTDIR)$(MANDIR)/man$(subst .,,$(suffix $m))/$(notdir $m) &&) :

release = ivslint-$(VERSION)
dist:
	mkdir -p build
	git archive --prefix=$(release)/ HEAD | gzip -9n > build/$(release).tar.gz

# The tarball, unpacked elsewhere: builds, passes, installs, runs from there,
# and leaves nothing behind.
distcheck: dist
	rm -rf build/distcheck && mkdir -p build/distcheck
	tar -C build/distcheck -xzf build/$(release).tar.gz
	$(MAKE) -C build/distcheck/$(release) MODE=release B=build/release all check
	$(MAKE) -C build/distcheck/$(release) MODE=release B=build/release \
		DESTDIR=$(CURDIR)/build/distcheck/root PREFIX=/usr install
	cd build/distcheck/$(release)/testdata/demo && \
		$(CURDIR)/build/distcheck/root/usr/bin/ivslint check -q; test $$? = 1
	! grep -r /usr/local build/distcheck/root/usr/share/man
	$(MAKE) -C build/distcheck/$(release) DESTDIR=$(CURDIR)/build/distcheck/root PREFIX=/usr uninstall
	test -z "$$(find build/distcheck/root -type f)"

.PHONY: help force clean
help:
	@sed -n '2,/^$$/s/^# \{0,1\}//p' Makefile
	@echo "Others: check-asan check-tsan lint bench fuzz format install uninstall dist distcheck clean"
force:
clean:
	rm -rf build

-include $(wildcard $B/*.d $B/*/*.d $B/test/*/*.d $B/fuzz/*/*.d)
