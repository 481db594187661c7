/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every kind of document that is read, in the order in which they are asked
 * whether a file is theirs. No include guard: input.h and input.c include it
 * with INPUT defined in two ways.
 *
 * INPUT(name): input_<name>.c holds `const struct input input_<name>`. json is
 * the last: it takes all that is JSON.
 */
INPUT(cfn)
INPUT(tf)
INPUT(json)
