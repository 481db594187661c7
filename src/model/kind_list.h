/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The kinds of resource that rules judge. No include guard: model/kind.h and
 * model/kind.c include it with KIND defined in different ways.
 *
 * KIND(id, name, one, many, type, arn, envelope, beyond)
 *	id	  KIND_<id>, and KINDS_<id> in the table of fields
 *	name	  what a rule says behind `kind:`
 *	one, many words for them in reports
 *	type	  its type in CloudFormation, for reports
 *	arn	  what stands before the id in an ARN, with its slash
 *	envelope  the member that the API prints one of them in
 *	beyond	  why a field is not known that the list of them does not print
 *
 * The first is the one that a rule is of which says no kind.
 */
KIND(RECORDING_CONFIGURATION, "recording-configuration", "recording configuration",
     "recording configurations", "AWS::IVS::RecordingConfiguration", "recording-configuration/",
     "recordingConfiguration",
     "list-recording-configurations does not print it; get-recording-configuration does")
KIND(CHANNEL, "channel", "channel", "channels", "AWS::IVS::Channel", "channel/", "channel",
     "list-channels does not print it; batch-get-channel does")
