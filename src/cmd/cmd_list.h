/* SPDX-License-Identifier: Apache-2.0 */
/* Every command, in the order of `ivslint help`. No include guard. */
CMD(check)
CMD(test)
CMD(rules)
CMD(explain)
CMD(fields)
CMD(init)
CMD(baseline)
CMD(diff)
CMD(import)
CMD(schema)
CMD(version)
CMD(help)
