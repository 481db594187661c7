/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The named formats of `is` and `is_not`. No include guard: rule/named_format.c
 * includes it with FORMAT defined in different ways.
 *
 * FORMAT(name, check, points, text)
 *	check	a function of rule/named_format.c: NULL, or what is wrong
 *	points	a pattern that a text with other characters than ASCII must
 *		match besides, or NULL
 */
FORMAT("s3-bucket-name", bucket_name, NULL, "name that S3 allows for a general purpose bucket")
FORMAT("s3-bucket-name-without-periods", bucket_name_no_periods, NULL,
       "the same without periods, as virtual-hosted HTTPS needs it")
FORMAT("account-regional-bucket-name", account_regional_name, NULL,
       "bucket name that ends in -ACCOUNT-REGION-an")
FORMAT("arn", arn, NULL, "ARN: arn:PARTITION:SERVICE:REGION:ACCOUNT:RESOURCE")
FORMAT("region", region, NULL, "name that has the form of a region's, such as us-west-2")
FORMAT("ivs-region", ivs_region, NULL, "region in which Amazon IVS is offered")
FORMAT("account-id", account_id, NULL, "AWS account id: twelve digits")
FORMAT("recording-configuration-name", configuration_name, NULL,
       "name that IVS allows: at most 128 of a-z A-Z 0-9 - _")
FORMAT("recording-configuration-arn", configuration_arn, NULL, "ARN of a recording configuration")
FORMAT("tag-key", tag_key, "^[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*$",
       "tag key: 1 to 128 letters, digits, spaces and _ . : / = + - @")
FORMAT("tag-value", tag_value, "^[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*$",
       "tag value: at most 256 letters, digits, spaces and _ . : / = + - @")
FORMAT("date", date, NULL, "day that exists, YYYY-MM-DD")
FORMAT("email-address", email_address, NULL, "e-mail address, NAME@DOMAIN")
FORMAT("aws-access-key-id", access_key_id, NULL, "text that holds an AWS access key id")
FORMAT("private-key", private_key, NULL, "text that holds the header of a private key")
