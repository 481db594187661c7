/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every ceiling of the program, in one place, each with what it protects.
 * Reaching one is an error that names the limit; none is silent.
 * ivslint(1), LIMITS, lists them and a test holds that list to this file.
 */
#ifndef BASE_LIMIT_H
#define BASE_LIMIT_H

/* What is audited. */
#define LIMIT_DOCUMENT_SIZE (16u << 20) /* bytes of one JSON document or list member */
#define LIMIT_TEMPLATE_SIZE (16u << 20) /* bytes of one template; CloudFormation takes 1 MB */
#define LIMIT_TEMPLATE_RESOURCES 5000	/* resources of one template, loops unrolled */
#define LIMIT_TEMPLATE_STEPS 1000000	/* values looked at to know what a template's functions come to */
#define LIMIT_TEMPLATE_DEPTH 256	/* functions and references of a template, one needing another */
#define LIMIT_TEMPLATE_STACKS 16	/* templates that ask one another for a value, one needing the next */
#define LIMIT_TEMPLATES 1000		/* templates of one run that know of each other */
#define LIMIT_SURVEY_FILES 10000	/* files that are looked into for channels */
#define LIMIT_SURVEY_HEAD 65536		/* bytes of a file that show whether it holds channels */
#define LIMIT_SURVEY_SIZE (64u << 20)	/* bytes of a file that holds channels */
#define LIMIT_SURVEY_CHANNELS 100000	/* channels held to know whose they are */
#define LIMIT_SURVEY_PLACES 1000	/* accounts in regions that channels are of */
#define LIMIT_CANDIDATES 64		/* values that one unknown value may have */
#define LIMIT_PLAN_RELATED (64u << 20) /* bytes of channels, buckets and references held of one plan */
#define LIMIT_JSON_DEPTH 64		/* nested arrays and objects of JSON */
#define LIMIT_JSON_MEMBERS 100000	/* members of one object of JSON */
#define LIMIT_STRING_SIZE (1u << 20)	/* bytes of one string, decoded */
#define LIMIT_TAGS 1000			/* entries of one map, such as tags */
#define LIMIT_LIST 1000			/* members of one list of a configuration */
#define LIMIT_FETCH_LIST 10000		/* members of one list in a trailer of ivslint fetch */
#define LIMIT_PARTIAL_PARTS 64		/* parts and gaps of a text that is partly known */
#define LIMIT_PARTIAL_STEPS 16384	/* steps of deciding by what is known of a text */
#define LIMIT_NUMBER_DIGITS 18		/* significant digits that are compared exactly */
#define LIMIT_PROBLEMS_PER_FILE 20	/* refusals told one by one; the rest is counted */

/* Policies, packs and other YAML. */
#define LIMIT_POLICY_SIZE (4u << 20)	/* bytes of one policy file */
#define LIMIT_YAML_DEPTH 64		/* nested collections of YAML */
#define LIMIT_YAML_NODES 200000		/* nodes of a YAML document, aliases expanded */
#define LIMIT_YAML_ANCHORS 1000		/* anchors of a YAML document */
#define LIMIT_EXTENDS 64		/* packs that one policy pulls in, in all */
#define LIMIT_RULES 4000		/* rules of one policy, in all */
#define LIMIT_CONDITION_DEPTH 32	/* nested conditions of one rule */
#define LIMIT_PATH_SEGMENTS 32		/* parts of one field path */
#define LIMIT_OVERRIDES 32		/* entries of overrides, in all */
#define LIMIT_OVERRIDE_MIXES 256	/* different sets of overrides that hold, in one run */
#define LIMIT_OVERRIDES_UNKNOWN 4	/* overrides of one resource judged both ways */
#define LIMIT_PARAMS 1000		/* parameters of one policy, in all */
#define LIMIT_MUTANTS 2000		/* changes of one rule that its tests are tried on */
#define LIMIT_WAIVERS 10000		/* waivers of one policy, in all */
#define LIMIT_BASELINE_SIZE (64u << 20) /* bytes of a baseline */
#define LIMIT_MISTAKES 100		/* mistakes of a policy shown in one run */

/* Patterns: PCRE2's match and depth limits, and its heap in KiB. */
#define LIMIT_PATTERN_SIZE 4096		/* bytes of one pattern */
#define LIMIT_PATTERN_STEPS 200000	/* match limit for one place where a match could begin */
#define LIMIT_PATTERN_STEPS_LEAST 4096	/* the same in a long subject, where there are many */
#define LIMIT_PATTERN_WORK 20000000	/* steps of one search over all places, but for the least */
#define LIMIT_PATTERN_SUBJECT 16384	/* bytes of a value that a pattern is sought in */
#define LIMIT_PATTERN_DEPTH 2000	/* backtracking depth for one search */
#define LIMIT_PATTERN_HEAP_KIB 4096	/* memory of one search */

/* Runs. */
#define LIMIT_PATH_DEPTH 64		/* nested folders of a walk */
#define LIMIT_EXPLAINED 1000		/* recording configurations that one run explains a rule for */
#define LIMIT_WORKERS 64		/* threads that read and judge */
#define LIMIT_MESSAGE_SIZE 4096		/* bytes of one finding's message */
#define LIMIT_SHOWN_VALUE 256		/* bytes of one value shown in a message */
#define LIMIT_NEAREST 256		/* characters of a name for which a near one is sought */
#define LIMIT_OUTPUTS 32		/* report files open at one time */
#define LIMIT_OUTPUT_PATH 4096		/* bytes of the path of a report file */

/* Fetching. */
#define LIMIT_CREDENTIALS_SIZE (1u << 20) /* bytes of a config, credentials, token or cache file */
#define LIMIT_CREDENTIAL_ANSWER (64u << 10) /* bytes of one answer that holds credentials */
#define LIMIT_CREDENTIAL_SECONDS 60	/* seconds that a credential_process may take */
#define LIMIT_ROLE_CHAIN 32		/* profiles that one chain of source_profile passes */
#define LIMIT_URL_SIZE 8192		/* bytes of one URL */
#define LIMIT_QUERY_PARAMS 1000		/* parameters of one URL */
#define LIMIT_HEADERS 100		/* headers of one request */
#define LIMIT_HEADERS_SIZE (64u << 10)	/* bytes of the headers of one answer */
#define LIMIT_SIGNED_SIZE (1u << 20)	/* bytes of a canonical request */
#define LIMIT_XML_DEPTH 32		/* nested elements of an answer in XML */
#define LIMIT_ASK_ARNS 1000		/* recording configurations named by their ARNs in one run */
#define LIMIT_CONCURRENCY 256		/* requests at one time */
#define LIMIT_PROFILES 100		/* profiles of one run */
#define LIMIT_REGIONS 64		/* regions of one run */
#define LIMIT_ACCOUNTS 5000		/* accounts, or roles, of one run */
#define LIMIT_ACCOUNTS_SIZE (1u << 20)	/* bytes of a file of accounts */
#define LIMIT_PAGE 1000			/* recording configurations of one page of a list */
#define LIMIT_PAGES 1000		/* pages of one list */
#define LIMIT_PAGE_TOKEN 4096		/* bytes of the token of a page; IVS has up to 1024 */
#define LIMIT_FETCH_PAGE (4u << 20)	/* bytes of one page */
#define LIMIT_FETCH_CONFIGURATION (1u << 20) /* bytes of one configuration's answer */
#define LIMIT_FETCH_HELD (256u << 20)	/* bytes of configurations that wait for their turn */

/* Reports: what readers take; the most severe first, and a word of the rest. */
#define LIMIT_SARIF_RESULTS 25000	/* results of one run of SARIF, of which code scanning keeps 5,000 */
#define LIMIT_SARIF_FILE_RESULTS 100000	/* results of one SARIF file, past which a run holds but 5,000 */
#define LIMIT_SARIF_RUNS 20		/* runs of one SARIF file */
#define LIMIT_ANNOTATIONS 10		/* errors, and warnings, and notices of one step of GitHub */
#define LIMIT_STEP_SUMMARY (1u << 20)	/* bytes of the summary of one step of GitHub */
#define LIMIT_MARKDOWN 65536		/* bytes of Markdown: a comment on GitHub holds as many characters */
#define LIMIT_WAIVER_NOTES 100		/* notes on waivers in templates that waive nothing */
#define LIMIT_GITLAB_FINDINGS 100000	/* findings of one Code Quality report */
#define LIMIT_ASFF_BATCH 100		/* findings that one call of Security Hub's import takes */
#define LIMIT_ASFF_BATCH_SIZE (5u << 20) /* bytes of them: a call takes 6 MB */
#define LIMIT_ASFF_SCOPES 1000		/* accounts and regions that ASFF tells apart */
#define LIMIT_HTML_FINDINGS 10000	/* findings that the HTML page lists; its sums are of all */
#define LIMIT_HTML_PLAIN 500		/* findings of the page's table where no script runs */
#define LIMIT_HTML_ROWS 1000		/* rows of each other table of the HTML page */
#define LIMIT_SPOOL_ITEM (1u << 20)	/* bytes of one item that waits for the head of its report */

/* Reports: one hostile text must not be multiplied by the number of rules. */
#define LIMIT_REPORT_TEXT 4096		/* bytes of a name, id or path in a report */
#define LIMIT_EXCERPT 120		/* bytes of a line of a source before a value, of the value, and after it */
#define LIMIT_REPORT_MEMBER (64u << 20) /* bytes of one value of a report that is read */
#define LIMIT_REPORT_VALUE (64u << 10)	/* bytes of an actual value in JSON; a larger one is shown cut */

#endif
