/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Between the workers' threads and what they do. Not for others: they ask
 * identity.h.
 */
#ifndef FETCH_IDENTITY_INSIDE_H
#define FETCH_IDENTITY_INSIDE_H

#include "fetch/http.h"
#include "fetch/identity.h"

/* What was asked for an identity, over this worker's own way to the network; in the
 * worker's thread, while the identity is busy. */
void identity_work(struct identities *ids, struct http *http, struct identity *id);

#endif
