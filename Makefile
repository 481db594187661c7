# ivslint: GNU make, not recursive.
#
#	make demo	install what the build needs, build, audit testdata/demo
#	make test	install what the tests need, build, run every test
#	make		build only		make check	test only
#	make help	the rest
#
# V=1 shows the commands. The variables CC CFLAGS CPPFLAGS LDFLAGS LDLIBS
# PREFIX BINDIR MANDIR DATADIR DESTDIR PKG_CONFIG are yours.

VERSION    = 0.1.0

CC        ?= cc
CFLAGS    ?= -O2 -g
PREFIX    ?= /usr/local
BINDIR    ?= $(PREFIX)/bin
DATADIR   ?= $(PREFIX)/share/ivslint
MANDIR    ?= $(PREFIX)/share/man
PKG_CONFIG ?= pkg-config
# static: only SHA-256 of libcrypto goes in, and the program starts in half the
# time. shared: as distributions prefer.
CRYPTO    ?= static
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
tool-sources := $(wildcard src/tool/*.c)
test-sources := $(filter %_test.c,$(own-sources))
fuzz-sources := $(filter %_fuzz.c,$(own-sources))
lib-sources := $(filter-out $(tool-sources) $(test-sources) $(fuzz-sources),$(own-sources))
packs       := $(sort $(wildcard rules/*.yaml))

lib-objects := $(lib-sources:src/%.c=$B/%.o) $B/packs.o
program     := $B/ivslint
library     := $B/libivslint.a
tests       := $(test-sources:src/%.c=$B/test/%)
fuzzers     := $(fuzz-sources:src/%.c=$B/fuzz/%)

# ---- with what ------------------------------------------------------------

warnings := -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes \
	-Wold-style-definition -Wpointer-arith -Wwrite-strings -Wvla -Wformat=2 -Wundef
own-cflags = -std=c11 -pthread $(warnings) $(mode-cflags)
own-cppflags = -D_POSIX_C_SOURCE=200809L -Isrc -DIVSLINT_VERSION='"$(VERSION)"' \
	-DIVSLINT_DATADIR='"$(DATADIR)"'
own-ldflags = -pthread $(mode-ldflags)

libs = $(shell $(PKG_CONFIG) --libs yaml-0.1 libpcre2-8)
ifeq ($(CRYPTO),static)
libs += -Wl,-Bstatic -lcrypto -Wl,-Bdynamic
else
libs += -lcrypto
endif

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
all: $(program)

$(program): $B/main.o $(library)
	$(say) LINK $@
	$(Q)$(link) -o $@ $^ $(libs) $(LDLIBS)

$(library): $(lib-objects)
	$(say) AR $@
	$(Q)rm -f $@ && $(AR) rcs $@ $^

$B/%.o: src/%.c $B/flags
	$(say) CC $<
	$(Q)mkdir -p $(@D) && $(compile) -c -o $@ $<

# Changed flags build anew.
$B/flags: force
	$(Q)mkdir -p $(@D); printf '%s\n' '$(subst ','\'',$(compile) $(link) $(libs))' | \
		cmp -s - $@ || printf '%s\n' '$(subst ','\'',$(compile) $(link) $(libs))' > $@

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

$B/test/%: src/%.c $(library)
	$(say) TEST $@
	$(Q)mkdir -p $(@D) && $(compile) -MF $@.d -MT $@ -o $@ $< $(own-ldflags) $(LDFLAGS) \
		$(library) $(libs) $(LDLIBS) -lcmocka

# A fuzz target with a plain main, which replays its seeds; FUZZER=1 and clang
# make the real thing.
$B/fuzz/%: src/%.c src/tool/fuzz_replay.c $(library)
	$(say) FUZZ $@
	$(Q)mkdir -p $(@D) && $(compile) -MF $@.d -MT $@ -o $@ $< src/tool/fuzz_replay.c \
		$(own-ldflags) $(LDFLAGS) $(library) $(libs) $(LDLIBS)

.PHONY: force clean
force:
clean:
	rm -rf build

-include $(wildcard $B/*.d $B/*/*.d $B/test/*/*.d $B/fuzz/*/*.d)
