/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The types of resources that are read from a plan. No include guard:
 * tf_item.h and tf_item.c include it with TF_TYPE defined in two ways.
 */
TF_TYPE(RECORDING, "aws_ivs_recording_configuration")
TF_TYPE(RECORDING_CC, "awscc_ivs_recording_configuration")
TF_TYPE(CHANNEL, "aws_ivs_channel")
TF_TYPE(CHANNEL_CC, "awscc_ivs_channel")
TF_TYPE(BUCKET, "aws_s3_bucket")
TF_TYPE(BUCKET_CC, "awscc_s3_bucket")
TF_TYPE(BUCKET_PUBLIC_ACCESS, "aws_s3_bucket_public_access_block")
TF_TYPE(BUCKET_ENCRYPTION, "aws_s3_bucket_server_side_encryption_configuration")
TF_TYPE(BUCKET_VERSIONING, "aws_s3_bucket_versioning")
TF_TYPE(BUCKET_OWNERSHIP, "aws_s3_bucket_ownership_controls")
TF_TYPE(BUCKET_LIFECYCLE, "aws_s3_bucket_lifecycle_configuration")
/* through which another service makes resources: tf_unseen.c */
TF_TYPE(STACK, "aws_cloudformation_stack")
TF_TYPE(STACK_CC, "awscc_cloudformation_stack")
TF_TYPE(STACK_SET, "aws_cloudformation_stack_set")
TF_TYPE(STACK_SET_CC, "awscc_cloudformation_stack_set")
TF_TYPE(APPLICATION, "aws_serverlessapplicationrepository_cloudformation_stack")
TF_TYPE(PRODUCT, "aws_servicecatalog_provisioned_product")
TF_TYPE(PRODUCT_CC, "awscc_servicecatalog_cloudformation_provisioned_product")
TF_TYPE(CLOUD_CONTROL, "aws_cloudcontrolapi_resource")
