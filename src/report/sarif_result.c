/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SARIF: a finding as a result. Each has a relative path and a line, without which
 * code scanning refuses the whole file.
 */
#include "report/finding_part.h"
#include "report/sarif_inside.h"

const char *sarif_level(const struct finding *f)
{
	static const char *const levels[N_SEVERITIES] = { "note", "note", "warning", "error",
							  "error" };

	if (f->verdict != VERDICT_FAIL && f->verdict != VERDICT_WAIVED)
		return "none";
	return levels[f->severity];
}

static const char *kind_of(const struct finding *f)
{
	static const char *const kinds[N_VERDICTS] = {
		[VERDICT_PASS] = "pass",      [VERDICT_FAIL] = "fail",
		[VERDICT_WAIVED] = "fail",    [VERDICT_NOT_APPLICABLE] = "notApplicable",
		[VERDICT_UNDECIDED] = "open", [VERDICT_ERROR] = "open",
	};

	return kinds[f->verdict];
}

/* A place that code scanning accepts: relative, percent-encoded, of line 1 on.
 * What lies outside of the current folder is relative to the root of the file
 * system, by a base id, since a path with a scheme or a leading slash would get
 * the whole file refused. */
void sarif_put_physical(struct sarif *sarif, struct buf *b, const struct report_place *place)
{
	buf_clear(&sarif->plain);
	report_put_uri(&sarif->plain, place->path);
	PUT(b, "\"physicalLocation\":{\"artifactLocation\":{\"uri\":\"");
	buf_put_str(b, buf_str(&sarif->plain));
	PUT(b, "\",\"uriBaseId\":\"");
	buf_puts(b, place->outside ? "FILESYSTEM" : "%SRCROOT%");
	buf_printf(b, "\"},\"region\":{\"startLine\":%u,\"startColumn\":%u}}", place->line,
		   place->column);
}

static void put_location(struct sarif *sarif, struct buf *b, const struct judgement *j,
			 const struct finding *f)
{
	struct report_place place = report_place_of_finding(sarif->places, j, f);

	PUT(b, ",\"locations\":[{");
	sarif_put_physical(sarif, b, &place);
	json_text_member(
	    &sarif->text, b,
	    ",\"logicalLocations\":[{\"kind\":\"resource\",\"fullyQualifiedName\":", j->subject.id);
	json_text_some(&sarif->text, b, ",\"name\":", j->subject.name);
	PUT(b, "}]}]");
}

static void put_properties(struct sarif *sarif, struct buf *b, const struct judgement *j,
			   const struct finding *f)
{
	struct json_text *t = &sarif->text;

	PUT(b, ",\"properties\":{\"verdict\":\"");
	buf_puts(b, verdict_name(f->verdict));
	PUT(b, "\",\"severity\":\"");
	buf_puts(b, severity_name(f->severity));
	PUT(b, "\"");
	json_text_member(t, b, ",\"resource\":", j->subject.id);
	json_text_some(t, b, ",\"account\":", j->subject.account);
	json_text_some(t, b, ",\"region\":", j->subject.region);
	json_text_some(t, b, ",\"field\":", f->field);
	finding_put_actual(&t->shown, f);
	json_text_some_shown(t, b, ",\"actual\":");
	json_text_some(t, b, ",\"expected\":", f->expected);
	json_text_some(t, b, ",\"reason\":", f->reason);
	if (j->is_group)
		PUT(b, ",\"group\":true");
	PUT(b, "}");
}

static void put_text(struct sarif *sarif, struct buf *b, const struct finding *f)
{
	struct buf *shown = &sarif->text.shown;

	buf_put_str(shown, finding_sentence(f));
	if (f->verdict != VERDICT_WAIVED && finding_reason(f).len != 0) {
		PUT(shown, " (");
		buf_put_str(shown, finding_reason(f));
		PUT(shown, ")");
	}
	if (shown->len == 0)
		buf_puts(shown, verdict_name(f->verdict));
	sarif_put_message(sarif, b, ",\"message\":{\"text\":", buf_str(shown));
	buf_clear(shown);
	PUT(b, "}");
}

static void put_suppressions(struct sarif *sarif, struct buf *b, const struct finding *f)
{
	PUT(b, ",\"suppressions\":[");
	if (f->verdict == VERDICT_WAIVED) {
		finding_put_waiver(&sarif->text.shown, f);
		json_text_shown(
		    &sarif->text, b,
		    "{\"kind\":\"external\",\"status\":\"accepted\",\"justification\":");
		PUT(b, "}");
	}
	PUT(b, "]");
}

void sarif_put_result(struct sarif *sarif, const struct judgement *j, const struct finding *f)
{
	struct buf *b = &sarif->item;

	buf_clear(b);
	json_text_member(&sarif->text, b, "{\"ruleId\":", f->rule->id);
	if (sarif->index[f->rule->index] != UINT32_MAX)
		buf_printf(b, ",\"ruleIndex\":%u", sarif->index[f->rule->index]);
	buf_printf(b, ",\"kind\":\"%s\",\"level\":\"%s\"", kind_of(f), sarif_level(f));
	put_text(sarif, b, f);
	put_location(sarif, b, j, f);
	if (f->fingerprint[0] != '\0')
		buf_printf(b, ",\"partialFingerprints\":{\"ivslint/v1\":\"%s\"}", f->fingerprint);
	put_suppressions(sarif, b, f);
	put_properties(sarif, b, j, f);
	PUT(b, "}");
}
