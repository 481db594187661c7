/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The sources of credentials; the order of the rows is their precedence. The
 * last column: whether a profile that the command line names goes before it.
 * No include guard: CREDS(function, words, behind_profile) is the includer's.
 */
CREDS(env, "environment", true)
CREDS(web, "web identity", true)
CREDS(profile, "profile", false)
CREDS(container, "container", false)
CREDS(imds, "instance metadata", false)
