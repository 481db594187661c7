/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The loop that reads along, for one width of registers. No include guard: json_along.c
 * includes it once for each, with these defined:
 *
 *	ALONG		what the function is called
 *	ALONG_TARGET	its attribute
 *	ALONG_STOPS	what ALONG_STRING needs, made once
 *	ALONG_STRING	end_plain in that width
 *	ALONG_STANDS	whether an edge's text stands at p, in that width
 */
ALONG_TARGET static bool ALONG(struct json_learned *l, struct json *j, struct resource *r)
{
	struct value *const slots = r->slots, *v;
	const char *p = j->next, *end;
	const uint32_t start = (uint32_t)(uintptr_t)j->start;
	const struct point *from = l->points;
	const struct next *next = from->first;
	const struct edge *e;
	struct members m = { l->room.start, l->room.start + MEMBERS_SIZE - sizeof(struct entry) };
	uint64_t names = 0;
	field_set there = 0;
	uint32_t place;
	ALONG_STOPS

	for (;;) {
		e = guess(next, p);
		if (unlikely(!ALONG_STANDS(e, p)) && (e = look_for(from, p)) == NULL)
			return false;
		if (unlikely((e->names & names) != 0))
			return false;
		names |= e->names;
		there |= e->there;
		from = e->to;
		next = e->next;
		place = (uint32_t)(uintptr_t)p - start;
		if (!e->plain) {
			fill_slots(slots, e, p, place);
			if (e->n_steps != 0 && unlikely(!take_steps(&m, e, slots, p, place)))
				return false;
		}
		if (e->as.goal <= GOAL_LAST_COMMON) {
			/* by far the commonest */
			if (e->as.goal == GOAL_ENTRY)
				v = add_entry(&m, e, p, place);
			else
				v = slot_at(slots, e->slot);
		} else if (e->as.goal == GOAL_NUMBER) {
			if ((p = take_number(j, p + e->len, place + e->len,
					     slot_at(slots, e->slot))) == NULL)
				return false;
			continue;
		} else if (e->as.goal <= GOAL_PASSED_STRING) {
			v = e->as.goal == GOAL_ITEM ? add_item(&m) : &l->passed;
		} else if (e->as.goal == GOAL_PASSED_NUMBER) {
			if ((p = take_number(j, p + e->len, place, &l->passed)) == NULL)
				return false;
			continue;
		} else {
			j->next = p + e->len;
			r->there = there;
			l->room.next = m.next;
			return e->as.goal == GOAL_END;
		}
		if (unlikely(v == NULL))
			return false;
		p += e->len;
		end = ALONG_STRING(p);
		if (unlikely(end == NULL)) {
			if ((p = take_strictly(j, p, v)) == NULL)
				return false;
			continue;
		}
		put_string(v, place + e->len - 1, p, (size_t)(end - p));
		p = end;
	}
}
