/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Command lookup and exit status; nothing else.
 */
int main(void)
{
	return 2;
}
