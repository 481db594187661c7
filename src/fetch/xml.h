/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The text of one element of a small XML answer, which is all that the query
 * protocol (STS) asks of us. No document types, no entities but the five and
 * numbers, no recursion.
 */
#ifndef FETCH_XML_H
#define FETCH_XML_H

#include "base/err.h"
#include "base/str.h"
#include "fetch/secret.h"

/* Puts the text of the first element at this path from the root, such as "A/B/C", with
 * entities decoded. 0; 1 when there is none; -1 when the bytes are not XML as far as
 * it was read, or pass a ceiling. */
int xml_text(struct str bytes, const char *path, struct secret *text, struct err *err);

#endif
