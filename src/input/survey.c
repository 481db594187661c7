/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Channels beside configurations. Knows what the API's answers look like and
 * what each of them lacks; that rules exist is not known here.
 */
#include "input/survey.h"

#include <stdlib.h>

#include "base/limit.h"
#include "input/survey_find.h"
#include "model/field.h"
#include "model/json.h"

static const char no_multitrack[] = "list-channels does not print it; batch-get-channel does";

struct channel {
	struct str arn, configuration; /* "" where there is none */
	struct value object;
	bool summary; /* of a list */
	uint32_t order;
};

/* An account in a region: "us-west-2:123456789012". */
struct place_listed {
	struct str where;
	bool listed;  /* by a list that no filter can have made, and not only one by one */
	bool partial; /* a page of several, or not all could be read */
};

/* How channels came together in an answer. */
enum gathered {
	ONE_BY_ONE, /* by get-channel or batch-get-channel */
	A_PAGE,     /* of several */
	A_PART,     /* by a list that a filter may have made */
	ALL,        /* by a list of all that there are */
};

struct survey {
	struct arena arena;
	struct channel *channels; /* by configuration, ARN, and the order of reading */
	size_t n, cap;
	struct place_listed *places;
	size_t n_places, cap_places;
	struct str *complete; /* configurations all of whose channels were listed */
	size_t n_complete, cap_complete;
	struct survey_files files;
	bool partial; /* something was not looked at: nothing is all */
};

bool survey_is_of(struct str first)
{
	return str_is(first, "channels") || str_is(first, "channel");
}

/* ---- ARNs ----------------------------------------------------------------------- */

/* REGION:ACCOUNT of an ARN, or "". */
static struct str where_of(struct str arn)
{
	struct str where = STR("");
	size_t i, colons = 0, from = 0;

	for (i = 0; i < arn.len; i++) {
		if (arn.data[i] != ':')
			continue;
		colons++;
		if (colons == 3)
			from = i + 1;
		if (colons == 5) {
			where = (struct str){ arn.data + from, i - from };
			break;
		}
	}
	return where;
}

static struct place_listed *find_place(const struct survey *s, struct str where)
{
	size_t i;

	for (i = 0; i < s->n_places; i++)
		if (str_equal(s->places[i].where, where))
			return &s->places[i];
	return NULL;
}

static struct place_listed *place_of(struct survey *s, struct str arn)
{
	struct str where = where_of(arn);
	struct place_listed *p = find_place(s, where);

	if (p != NULL || where.len == 0)
		return p;
	if (s->n_places == LIMIT_SURVEY_PLACES) {
		s->partial = true;
		return NULL;
	}
	if (s->n_places == s->cap_places) {
		s->cap_places = s->cap_places != 0 ? s->cap_places * 2 : 8;
		s->places = mem_grow(s->places, s->cap_places * sizeof(*s->places));
	}
	p = &s->places[s->n_places++];
	*p = (struct place_listed){ .where = arena_str(&s->arena, where) };
	return p;
}

/* ---- channels ------------------------------------------------------------------- */

static struct str text_of(const struct value *object, const char *key)
{
	const struct value *v = value_get(object, str_of(key));

	return v != NULL && v->kind == VALUE_STRING ? value_str(v) : STR("");
}

/* What only GetChannel and BatchGetChannel print. */
bool survey_is_whole(const struct value *object)
{
	static const char *const keys[] = { "ingestEndpoint", "playbackUrl", "containerFormat",
					    "multitrackInputConfiguration" };
	size_t i;

	for (i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (value_get(object, str_of(keys[i])) != NULL)
			return true;
	return false;
}

/* Places are of another file than the configuration's: it has none. */
static struct value bare(struct arena *a, const struct value *v)
{
	struct value copy = *v, *items;
	struct entry *entries;
	uint32_t i;

	copy.place = (struct place){ 0, UINT32_MAX };
	if (v->kind == VALUE_STRING) {
		copy.text = arena_str(a, value_str(v)).data;
	} else if (v->kind == VALUE_LIST) {
		items = ARENA_ARRAY(a, v->n, struct value);
		for (i = 0; i < v->n; i++)
			items[i] = bare(a, &v->items[i]);
		copy.items = items;
	} else if (v->kind == VALUE_MAP) {
		entries = ARENA_ARRAY(a, v->n, struct entry);
		for (i = 0; i < v->n; i++) {
			entries[i].key = arena_str(a, v->entries[i].key);
			entries[i].key_place = copy.place;
			entries[i].value = bare(a, &v->entries[i].value);
		}
		copy.entries = entries;
	}
	return copy;
}

static bool fits(struct type type, const struct value *v)
{
	switch (type.base) {
	case TYPE_STRING:
		return v->kind == VALUE_STRING;
	case TYPE_BOOLEAN:
		return v->kind == VALUE_BOOLEAN;
	case TYPE_NUMBER:
		return v->kind == VALUE_NUMBER;
	case TYPE_MAP:
		return v->kind == VALUE_MAP;
	default:
		return true;
	}
}

/* Whether the row is one of channels[*], and what is behind the dot. */
static bool member_name(const struct field_member *m, struct str *name, struct str *below)
{
	static const char of[] = "channels[*].";
	struct str path = str_of(m->path);
	const char *dot;

	if (!str_starts(path, str_of(of)))
		return false;
	path.data += sizeof(of) - 1;
	path.len -= sizeof(of) - 1;
	dot = memchr(path.data, '.', path.len);
	*name = path;
	*below = STR("");
	if (dot != NULL) {
		name->len = (size_t)(dot - path.data);
		*below = (struct str){ dot + 1, path.len - name->len - 1 };
	}
	return true;
}

/* What the table has of an object, one level deep: what is of another type than
 * it has to be is not known. */
static struct value taken(struct survey *s, const struct value *object, struct str above)
{
	struct entry *entries = ARENA_ARRAY(&s->arena, field_n_members, struct entry);
	struct value to = { .kind = VALUE_MAP, .place = { 0, UINT32_MAX }, .entries = entries };
	struct str name, below, key;
	const struct value *v;
	size_t i;

	for (i = 0; i < field_n_members; i++) {
		if (!member_name(&field_members[i], &name, &below) ||
		    str_equal(name, above) != (above.len != 0))
			continue;
		key = above.len != 0 ? below : name;
		if (value_get(&to, key) != NULL)
			continue;
		v = value_get(object, key);
		if (v == NULL || v->kind == VALUE_NULL)
			continue;
		entries[to.n].key = key;
		entries[to.n].key_place = to.place;
		if (above.len == 0 && below.len != 0)
			entries[to.n].value = v->kind == VALUE_MAP
						  ? taken(s, v, name)
						  : value_unknown("it is no object in the answer");
		else
			entries[to.n].value =
			    fits(field_members[i].type, v)
				? bare(&s->arena, v)
				: value_unknown("it is of another type in the answer");
		entries[to.n].value.place = to.place;
		to.n++;
	}
	return to;
}

/* A list lacks these: unknown, and not absent. */
static struct value with_gaps(struct survey *s, const struct value *object)
{
	static const char *const keys[] = { "multitrackInputConfiguration", "containerFormat" };
	struct entry *entries = ARENA_ARRAY(&s->arena, object->n + 2, struct entry);
	struct value to = *object;
	size_t i;

	memcpy(entries, object->entries, object->n * sizeof(*entries));
	to.entries = entries;
	for (i = 0; i < 2; i++) {
		entries[to.n] =
		    (struct entry){ .key = str_of(keys[i]), .key_place = object->place };
		entries[to.n].value = value_unknown(no_multitrack);
		entries[to.n++].value.place = object->place;
	}
	return to;
}

static void take_channel(struct survey *s, const struct value *object, enum gathered how)
{
	struct str arn = text_of(object, "arn");
	struct place_listed *p;
	struct channel *c;

	if (object->kind != VALUE_MAP || arn.len == 0)
		return;
	p = place_of(s, arn);
	if (p == NULL)
		return;
	p->listed |= how == ALL;
	p->partial |= how == A_PAGE;
	if (s->n == LIMIT_SURVEY_CHANNELS) {
		s->partial = true;
		return;
	}
	if (s->n == s->cap) {
		s->cap = s->cap != 0 ? s->cap * 2 : 64;
		s->channels = mem_grow(s->channels, s->cap * sizeof(*s->channels));
	}
	c = &s->channels[s->n];
	*c = (struct channel){ .summary = !survey_is_whole(object), .order = (uint32_t)s->n++ };
	c->object = taken(s, object, STR(""));
	if (c->summary)
		c->object = with_gaps(s, &c->object);
	c->object = resource_member(&c->object, "channels[*]", &s->arena);
	c->arn = text_of(&c->object, "arn");
	c->configuration = text_of(&c->object, "recordingConfigurationArn");
}

/* ---- documents ------------------------------------------------------------------- */

/* The text that a key has in all members of a list, or "". */
static struct str shared(const struct value *list, const char *key)
{
	struct str first = list->n != 0 ? text_of(&list->items[0], key) : STR("");
	uint32_t i;

	for (i = 1; i < list->n; i++)
		if (!str_equal(text_of(&list->items[i], key), first))
			return STR("");
	return first;
}

static bool are_summaries(const struct value *list)
{
	uint32_t i;

	for (i = 0; i < list->n; i++)
		if (survey_is_whole(&list->items[i]))
			return false;
	return true;
}

static void add_complete(struct survey *s, struct str configuration)
{
	if (s->n_complete == s->cap_complete) {
		s->cap_complete = s->cap_complete != 0 ? s->cap_complete * 2 : 8;
		s->complete = mem_grow(s->complete, s->cap_complete * sizeof(*s->complete));
	}
	s->complete[s->n_complete++] = arena_str(&s->arena, configuration);
}

/*
 * What list-channels prints does not say whether it was filtered, and by what. Where
 * its channels have in common what a filter can ask for, others may have been left
 * out; of the configuration that they all use none was, where that is all they share.
 */
static enum gathered how_listed(struct survey *s, const struct value *list)
{
	static const char *const filters[] = { "name", "playbackRestrictionPolicyArn",
					       "adConfigurationArn" };
	struct str configuration = shared(list, "recordingConfigurationArn");
	bool filtered = false;
	size_t i;

	if (!are_summaries(list))
		return ONE_BY_ONE;
	for (i = 0; i < sizeof(filters) / sizeof(filters[0]); i++)
		filtered |= shared(list, filters[i]).len != 0;
	if (configuration.len != 0 && !filtered && s->n_complete < LIMIT_SURVEY_CHANNELS)
		add_complete(s, configuration);
	return filtered || configuration.len != 0 ? A_PART : ALL;
}

static void take_document(struct survey *s, const struct value *v, unsigned depth)
{
	const struct value *list = value_get(v, STR("channels")), *token;
	const struct value *one = value_get(v, STR("channel"));
	enum gathered how;
	uint32_t i;

	if (v->kind == VALUE_LIST && depth < 4)
		for (i = 0; i < v->n; i++)
			take_document(s, &v->items[i], depth + 1);
	if (one != NULL && one->kind == VALUE_MAP)
		take_channel(s, one, ONE_BY_ONE);
	if (list == NULL || list->kind != VALUE_LIST)
		return;
	token = value_get(v, STR("nextToken"));
	if (token == NULL)
		token = value_get(v, STR("NextToken"));
	how = token != NULL && token->kind == VALUE_STRING && token->n != 0 ? A_PAGE
									    : how_listed(s, list);
	/* whose page it is cannot be told of an empty one */
	s->partial |= how == A_PAGE && list->n == 0;
	for (i = 0; i < list->n; i++)
		take_channel(s, &list->items[i], how);
}

/* As far as it is JSON; the feed says where it is not. */
static bool take_text(void *to, struct str text)
{
	struct survey *s = to;
	struct arena scratch = ARENA_INIT;
	size_t before = s->n_places;
	struct value v;
	struct json j;

	json_init(&j, text, &scratch);
	while (!json_at_end(&j)) {
		if (json_value(&j, &v) == -1) {
			s->partial = true;
			break;
		}
		take_document(s, &v, 0);
		arena_reset(&scratch);
	}
	arena_release(&scratch);
	return s->n_places != before;
}

/* By configuration; of a channel that is there twice the whole one first. */
static int compare(const void *a, const void *b)
{
	const struct channel *left = a, *right = b;
	int order = str_compare(left->configuration, right->configuration);

	if (order == 0)
		order = str_compare(left->arn, right->arn);
	if (order == 0)
		order = (int)left->summary - (int)right->summary;
	return order != 0 ? order : left->order < right->order ? -1 : 1;
}

static int compare_strs(const void *a, const void *b)
{
	return str_compare(*(const struct str *)a, *(const struct str *)b);
}

struct survey *survey_new(const char *const *paths, size_t n)
{
	struct survey *s = mem_alloc(sizeof(*s));

	*s = (struct survey){ .files = SURVEY_FILES_INIT };
	survey_find(&s->files, paths, n, take_text, s);
	s->partial |= s->files.partial;
	if (s->n != 0)
		qsort(s->channels, s->n, sizeof(*s->channels), compare);
	if (s->n_complete != 0)
		qsort(s->complete, s->n_complete, sizeof(*s->complete), compare_strs);
	return s;
}

void survey_free(struct survey *s)
{
	if (s == NULL)
		return;
	arena_release(&s->arena);
	arena_release(&s->files.arena);
	free(s->channels);
	free(s->places);
	free(s->complete);
	free(s);
}

bool survey_has_read(const struct survey *s, const char *file)
{
	return survey_was_taken(&s->files, file);
}

/* ---- for configurations ------------------------------------------------------------ */

/* Whether all channels that use it are known, as far as one place can tell. */
static bool is_complete(const struct survey *s, const struct place_listed *p,
			struct str configuration)
{
	if (s->partial || p->partial)
		return false;
	return p->listed ||
	       (s->n_complete != 0 && bsearch(&configuration, s->complete, s->n_complete,
					      sizeof(*s->complete), compare_strs) != NULL);
}

static size_t first_of(const struct survey *s, struct str configuration)
{
	size_t low = 0, high = s->n, middle;

	while (low < high) {
		middle = low + (high - low) / 2;
		if (str_compare(s->channels[middle].configuration, configuration) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

void survey_fill(const struct survey *s, struct resource *r, struct arena *arena)
{
	const struct value *arn = &r->slots[FIELD_ARN];
	const struct place_listed *p;
	struct value *items;
	struct value made = { .kind = VALUE_LIST, .place = r->place };
	size_t from, to;

	if (s == NULL || s->n_places == 0 || arn->kind != VALUE_STRING)
		return;
	p = find_place(s, where_of(value_str(arn)));
	if (p == NULL)
		return;
	from = first_of(s, value_str(arn));
	for (to = from; to < s->n && str_equal(s->channels[to].configuration, value_str(arn)); to++)
		;
	items = ARENA_ARRAY(arena, to - from, struct value);
	for (; from < to; from++)
		if (made.n == 0 || from == 0 ||
		    !str_equal(s->channels[from - 1].arn, s->channels[from].arn))
			items[made.n++] = s->channels[from].object;
	made.items = items;
	if (!is_complete(s, p, value_str(arn)))
		made.flags = VALUE_OPEN;
	r->slots[FIELD_CHANNELS] = made;
}
