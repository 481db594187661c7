/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every operator of the rule language. No include guard: rule/op.h and
 * rule/op.c include it with OP defined in different ways.
 *
 * OP(name, on, family, negated, opposite, expect, describe, operand, text)
 *	name	  as it is written
 *	on	  the types of value that it is for, ON_<on> in rule/op.h
 *	family	  op_<family>_prepare checks the operand and binds the test
 *	negated	  1: holds where the test does not; also on absent values
 *	opposite  the operator that says the contrary of a value that is there,
 *		  for messages; `none` where there is no such word
 *	expect	  reads after "expected"; % is the operand
 *	describe  reads after the field's path
 *	operand	  what kind of operand, for lists
 *	text	  one line of documentation
 */
OP(equals, ANY, equal, 0, not_equals, "%", "is %", "value", "the same value")
OP(not_equals, ANY, equal, 1, equals, "anything but %", "is not %", "value", "another value")
OP(in, SCALAR, in, 0, not_in, "one of %", "is one of %", "list", "one of a list")
OP(not_in, SCALAR, in, 1, in, "none of %", "is none of %", "list", "none of a list")
OP(exists, ALL, exists, 0, none, "a value", "exists", "true or false",
   "written and not null (true), or not (false); a default of the API is not written")
OP(matches, STRING, matches, 0, not_matches, "a match of %", "matches %", "pattern",
   "a PCRE2 pattern is found in it; anchors are written out")
OP(not_matches, STRING, matches, 1, matches, "no match of %", "does not match %", "pattern",
   "a PCRE2 pattern is not found in it")
OP(like, STRING, like, 0, not_like, "a text like %", "is like %", "shell pattern",
   "a shell pattern fits the whole of it: * ? [...]")
OP(not_like, STRING, like, 1, like, "no text like %", "is not like %", "shell pattern",
   "a shell pattern does not fit it")
OP(starts_with, STRING, affix, 0, none, "a text that starts with %", "starts with %", "string",
   "begins with a text")
OP(ends_with, STRING, affix, 0, none, "a text that ends with %", "ends with %", "string",
   "ends with a text")
OP(contains, STRING_LIST, contains, 0, not_contains, "a value with %", "contains %",
   "string or member", "holds a text; has a member")
OP(not_contains, STRING_LIST, contains, 1, contains, "a value without %", "does not contain %",
   "string or member", "does not hold a text; lacks a member")
OP(contains_all, LIST, contains_all, 0, none, "a list with all of %", "contains all of %", "list",
   "has every one of some members")
OP(contains_any, LIST, contains_all, 0, none, "a list with one of %", "contains one of %", "list",
   "has at least one of some members")
OP(is, STRING, format, 0, is_not, "a valid %", "is a valid %", "format", "is of a named format")
OP(is_not, STRING, format, 1, is, "no %", "is no %", "format", "is not of a named format")
OP(min, NUMBER, number, 0, less_than, "at least %", "is at least %", "number", "at least")
OP(max, NUMBER, number, 0, greater_than, "at most %", "is at most %", "number", "at most")
OP(greater_than, NUMBER, number, 0, max, "more than %", "is more than %", "number", "more than")
OP(less_than, NUMBER, number, 0, min, "less than %", "is less than %", "number", "less than")
OP(multiple_of, NUMBER, number, 0, none, "a multiple of %", "is a multiple of %", "number",
   "an integer times a number")
OP(min_length, SIZED, length, 0, none, "a length of at least %", "has a length of at least %",
   "number", "characters, members or entries, at least")
OP(max_length, SIZED, length, 0, none, "a length of at most %", "has a length of at most %",
   "number", "characters, members or entries, at most")
OP(has_keys, MAP, keys_list, 0, none, "keys %", "has keys %", "list", "has every one of some keys")
OP(has_any_key, MAP, keys_list, 0, lacks_keys, "one of the keys %", "has one of the keys %", "list",
   "has at least one of some keys")
OP(lacks_keys, MAP, keys_list, 1, has_any_key, "none of the keys %", "has none of the keys %",
   "list", "has none of some keys")
OP(only_keys, MAP, keys_list, 0, none, "no keys but %", "has no keys but %", "list",
   "has no keys but these")
OP(allowed_values, MAP, allowed, 0, none, "values allowed by %", "has values allowed by %",
   "map of lists", "where it has a key, the value is one of the key's, or fits a shell pattern")
OP(keys, MAP, members, 0, none, "only keys", "only keys", "operators",
   "operators hold for each key")
OP(values, MAP, members, 0, none, "only values", "only values", "operators",
   "operators hold for each value")
OP(each, LIST_MAP, members, 0, none, "only members", "only members", "condition or operators",
   "it holds for every member; true where there is none")
OP(some, LIST_MAP, members, 0, no, "some member", "some member", "condition or operators",
   "it holds for at least one member")
OP(no, LIST_MAP, members, 1, some, "no member", "no member", "condition or operators",
   "it holds for no member; true where there is none")
OP(count, LIST_MAP, count, 0, none, "a count", "a count", "operators, where: condition",
   "operators hold for the number of members, or of those that satisfy a condition")
