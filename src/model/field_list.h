/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every field that a rule can name. No include guard: model/field.h and
 * model/field.c include it with FIELD and MEMBER defined in different ways.
 *
 * FIELD(id, path, kind, base, element, origin, flags, values, fallback, only_if, text)
 *	id	  FIELD_<id> is its slot in struct resource
 *	kind	  the kind of resource it belongs to (model/kind_list.h), or EVERY
 *	base	  TYPE_<base>; element: of a list or a map, else NONE
 *	origin	  ORIGIN_<origin>: who fills it
 *	flags	  SUMMARY: also in the answer of ListRecordingConfigurations, or ListChannels;
 *		  NO_EMPTY: '' is what the API prints for none; SUMMARY_NO_EMPTY: both
 *	values	  an enumeration's values, separated by |, or NULL
 *	fallback  the default that the API documents, as YAML, or NULL
 *	only_if	  the fallback holds only where this field has this value: "PATH=VALUE"
 *	text	  one line of documentation
 *
 * MEMBER(path, base, element, values, fallback, text): a member of a list of objects.
 *	fallback  as above; resource_member fills it in
 *
 * Facts are the service model's, ivs-2020-07-14. Parents stand before members.
 * What channels alone have stands last: the row of a recording configuration ends
 * before it. What S3 gives a new bucket are the fallbacks of bucket.*: they hold where an
 * input says that it looked and that nothing is written (VALUE_NULL).
 */
FIELD(ARN, "arn", EVERY, STRING, NONE, API, SUMMARY, NULL, NULL, NULL, "ARN of the resource")
FIELD(NAME, "name", EVERY, STRING, NONE, API, SUMMARY, NULL, NULL, NULL, "Name; need not be unique")
FIELD(STATE, "state", RECORDING_CONFIGURATION, STRING, NONE, API, SUMMARY,
      "CREATING|CREATE_FAILED|ACTIVE", NULL, NULL, "State of the recording configuration")
FIELD(DESTINATION, "destinationConfiguration", RECORDING_CONFIGURATION, OBJECT, NONE, API, SUMMARY,
      NULL, NULL, NULL, "Where recordings are stored")
FIELD(DESTINATION_S3, "destinationConfiguration.s3", RECORDING_CONFIGURATION, OBJECT, NONE, API,
      SUMMARY, NULL, NULL, NULL, "The S3 destination")
FIELD(BUCKET_NAME, "destinationConfiguration.s3.bucketName", RECORDING_CONFIGURATION, STRING, NONE,
      API, SUMMARY, NULL, NULL, NULL, "Name of the S3 bucket that recordings go to")
FIELD(RECONNECT_WINDOW, "recordingReconnectWindowSeconds", RECORDING_CONFIGURATION, NUMBER, NONE,
      API, 0, NULL, "0", NULL,
      "Seconds within which a new stream continues the recording; 0 never merges")
FIELD(RENDITION, "renditionConfiguration", RECORDING_CONFIGURATION, OBJECT, NONE, API, 0, NULL,
      NULL, NULL, "Which renditions are recorded")
FIELD(RENDITION_SELECTION, "renditionConfiguration.renditionSelection", RECORDING_CONFIGURATION,
      STRING, NONE, API, 0, "ALL|NONE|CUSTOM", "ALL", NULL, "All renditions, none, or a list")
FIELD(RENDITIONS, "renditionConfiguration.renditions", RECORDING_CONFIGURATION, LIST, STRING, API,
      0, "FULL_HD|HD|SD|LOWEST_RESOLUTION", NULL, NULL,
      "The renditions that CUSTOM records")
FIELD(TAGS, "tags", EVERY, MAP, STRING, API, SUMMARY, NULL, NULL, NULL,
      "Tags; keys are case-sensitive")
FIELD(THUMBNAIL, "thumbnailConfiguration", RECORDING_CONFIGURATION, OBJECT, NONE, API, 0, NULL,
      NULL, NULL, "How thumbnails are made")
FIELD(THUMBNAIL_MODE, "thumbnailConfiguration.recordingMode", RECORDING_CONFIGURATION, STRING, NONE,
      API, 0, "INTERVAL|DISABLED", "INTERVAL", NULL, "Whether thumbnails are recorded")
FIELD(THUMBNAIL_INTERVAL, "thumbnailConfiguration.targetIntervalSeconds", RECORDING_CONFIGURATION,
      NUMBER, NONE, API, 0, NULL, "60", "thumbnailConfiguration.recordingMode=INTERVAL",
      "Seconds between thumbnails, 1 to 60")
FIELD(THUMBNAIL_RESOLUTION, "thumbnailConfiguration.resolution", RECORDING_CONFIGURATION, STRING,
      NONE, API, 0, "FULL_HD|HD|SD|LOWEST_RESOLUTION", NULL, NULL,
      "Resolution of thumbnails; absent means that of the stream")
FIELD(THUMBNAIL_STORAGE, "thumbnailConfiguration.storage", RECORDING_CONFIGURATION, LIST, STRING,
      API, 0, "SEQUENTIAL|LATEST", "[SEQUENTIAL]", "thumbnailConfiguration.recordingMode=INTERVAL",
      "Keep every thumbnail, only the latest, or both")

FIELD(PARTITION, "partition", EVERY, STRING, NONE, DERIVED, SUMMARY, NULL, NULL, NULL,
      "Partition of the ARN, such as aws")
FIELD(REGION, "region", EVERY, STRING, NONE, DERIVED, SUMMARY, NULL, NULL, NULL,
      "Region of the ARN, such as us-west-2")
FIELD(ACCOUNT, "account", EVERY, STRING, NONE, DERIVED, SUMMARY, NULL, NULL, NULL,
      "Account id of the ARN, twelve digits")
FIELD(ID, "id", EVERY, STRING, NONE, DERIVED, SUMMARY, NULL, NULL, NULL, "Last part of the ARN")

FIELD(SOURCE_KIND, "source.kind", EVERY, STRING, NONE, SOURCE, SUMMARY,
      "api|json|cloudformation|terraform", NULL, NULL, "What the resource was read from")
FIELD(SOURCE_FILE, "source.file", EVERY, STRING, NONE, SOURCE, SUMMARY, NULL, NULL, NULL,
      "Path of the file it was read from, as given")
FIELD(SOURCE_LINE, "source.line", EVERY, NUMBER, NONE, SOURCE, SUMMARY, NULL, NULL, NULL,
      "Line on which it begins")
FIELD(SOURCE_HAS_CHANNELS, "source.hasChannels", RECORDING_CONFIGURATION, BOOLEAN, NONE, SOURCE,
      SUMMARY, NULL, NULL, NULL, "Whether it is known which channels use it")
FIELD(SOURCE_HAS_BUCKET, "source.hasBucket", RECORDING_CONFIGURATION, BOOLEAN, NONE, SOURCE, SUMMARY,
      NULL, NULL, NULL, "Whether anything is known of how the bucket is set up")

FIELD(TEMPLATE_DELETION, "template.DeletionPolicy", EVERY, STRING, NONE, TEMPLATE, 0,
      "Delete|Retain|RetainExceptOnCreate|Snapshot", NULL, NULL,
      "The resource's DeletionPolicy in its template")
FIELD(TEMPLATE_REPLACE, "template.UpdateReplacePolicy", EVERY, STRING, NONE, TEMPLATE, 0,
      "Delete|Retain|Snapshot", NULL, NULL, "The resource's UpdateReplacePolicy in its template")
FIELD(TEMPLATE_METADATA, "template.Metadata", EVERY, MAP, ANY, TEMPLATE, 0, NULL, NULL, NULL,
      "The resource's Metadata in its template")
FIELD(TEMPLATE_DEPENDS, "template.DependsOn", EVERY, LIST, STRING, TEMPLATE, 0, NULL, NULL, NULL,
      "Logical ids of the resources that it depends on by name in its template")
FIELD(TEMPLATE_ACTION, "template.action", EVERY, STRING, NONE, TEMPLATE, 0,
      "create|update|replace|read|no-op", NULL, NULL, "What the Terraform plan does with it")

FIELD(TEMPLATE_TYPE, "template.type", EVERY, STRING, NONE, TEMPLATE, 0, NULL, NULL, NULL,
      "The resource's type in its template or plan")
FIELD(TEMPLATE_CONDITION, "template.condition", EVERY, STRING, NONE, TEMPLATE, 0, NULL, NULL, NULL,
      "Name of the condition that the resource is under in its template")
FIELD(TEMPLATE_MISTAKES, "template.mistakes", RECORDING_CONFIGURATION, LIST, OBJECT, TEMPLATE, 0,
      NULL, NULL, NULL, "What the resource's schema does not allow in its template or plan")
FIELD(TEMPLATE_REPLACE_PATHS, "template.replacePaths", EVERY, LIST, STRING, TEMPLATE, 0, NULL, NULL,
      NULL, "The attributes, else the reason, for which the Terraform plan replaces it")

FIELD(CHANNELS, "channels", RECORDING_CONFIGURATION, LIST, OBJECT, CHANNELS, 0, NULL, NULL, NULL,
      "The channels that use the recording configuration")
FIELD(KEYFRAME_MAXIMUM, "stream.keyframeIntervalSeconds.maximum", RECORDING_CONFIGURATION, NUMBER,
      NONE, STREAM, 0, NULL, NULL, NULL,
      "Longest keyframe interval measured on the channels' streams")
FIELD(BUCKET_REGION, "bucket.region", RECORDING_CONFIGURATION, STRING, NONE, BUCKET, 0, NULL, NULL,
      NULL, "Region that the bucket is in")
FIELD(BUCKET_ENCRYPTION, "bucket.encryption", RECORDING_CONFIGURATION, STRING, NONE, BUCKET, 0,
      "AES256|aws:kms|aws:kms:dsse", "AES256", NULL,
      "Default encryption of the bucket; IVS cannot record with aws:kms")
FIELD(BUCKET_VERSIONING, "bucket.versioning", RECORDING_CONFIGURATION, STRING, NONE, BUCKET, 0,
      "Enabled|Suspended", NULL, NULL, "Versioning of the bucket; absent when never enabled")
FIELD(BUCKET_PUBLIC_ACCESS, "bucket.publicAccessBlocked", RECORDING_CONFIGURATION, BOOLEAN, NONE,
      BUCKET, 0, NULL, "true", NULL, "Whether all four public access blocks are on")
FIELD(BUCKET_OWNERSHIP, "bucket.ownership", RECORDING_CONFIGURATION, STRING, NONE, BUCKET, 0,
      "BucketOwnerEnforced|BucketOwnerPreferred|ObjectWriter", "BucketOwnerEnforced", NULL,
      "Object ownership of the bucket; access lists count unless it is BucketOwnerEnforced")
FIELD(BUCKET_LIFECYCLE, "bucket.lifecycle", RECORDING_CONFIGURATION, LIST, OBJECT, BUCKET, 0, NULL,
      NULL, NULL, "The rules of the bucket's lifecycle configuration")

FIELD(CHANNEL_TYPE, "type", CHANNEL, STRING, NONE, API, SUMMARY,
      "BASIC|STANDARD|ADVANCED_SD|ADVANCED_HD", "STANDARD", NULL, "Type of the channel")
FIELD(CHANNEL_LATENCY, "latencyMode", CHANNEL, STRING, NONE, API, SUMMARY, "NORMAL|LOW", "LOW",
      NULL, "Latency mode of the channel")
FIELD(CHANNEL_CONTAINER, "containerFormat", CHANNEL, STRING, NONE, API, 0, "TS|FRAGMENTED_MP4",
      "TS", NULL, "Container format of the channel's segments, and of the recording")
FIELD(CHANNEL_INSECURE, "insecureIngest", CHANNEL, BOOLEAN, NONE, API, SUMMARY, NULL, "false", NULL,
      "Whether RTMP and SRT without TLS is allowed")
FIELD(CHANNEL_AUTHORIZED, "authorized", CHANNEL, BOOLEAN, NONE, API, SUMMARY, NULL, "false", NULL,
      "Whether playback needs authorization")
FIELD(CHANNEL_PRESET, "preset", CHANNEL, STRING, NONE, API, SUMMARY_NO_EMPTY,
      "HIGHER_BANDWIDTH_DELIVERY|CONSTRAINED_BANDWIDTH_DELIVERY", NULL, NULL,
      "Transcode preset of an ADVANCED channel")
FIELD(CHANNEL_RECORDING, "recordingConfigurationArn", CHANNEL, STRING, NONE, API, SUMMARY_NO_EMPTY,
      NULL, NULL, NULL,
      "ARN of the recording configuration that it uses; absent where it records nowhere")
FIELD(CHANNEL_RESTRICTION, "playbackRestrictionPolicyArn", CHANNEL, STRING, NONE, API,
      SUMMARY_NO_EMPTY, NULL, NULL, NULL,
      "ARN of the policy that restricts who may play it back; absent where there is none")
FIELD(CHANNEL_AD, "adConfigurationArn", CHANNEL, STRING, NONE, API, SUMMARY_NO_EMPTY, NULL, NULL,
      NULL, "ARN of the ad configuration that it uses; absent where there is none")
FIELD(CHANNEL_MULTITRACK, "multitrackInputConfiguration", CHANNEL, OBJECT, NONE, API, 0, NULL, NULL,
      NULL, "How multitrack input is taken")
FIELD(CHANNEL_MULTITRACK_ENABLED, "multitrackInputConfiguration.enabled", CHANNEL, BOOLEAN, NONE,
      API, 0, NULL, "false", NULL, "Whether multitrack input is enabled")
FIELD(CHANNEL_MULTITRACK_POLICY, "multitrackInputConfiguration.policy", CHANNEL, STRING, NONE, API,
      0, "ALLOW|REQUIRE", NULL, NULL, "Whether multitrack input is allowed or required")
FIELD(CHANNEL_MULTITRACK_RESOLUTION, "multitrackInputConfiguration.maximumResolution", CHANNEL,
      STRING, NONE, API, 0, "SD|HD|FULL_HD", NULL, NULL, "Highest resolution of multitrack input")

MEMBER("template.mistakes[*].property", STRING, NONE, NULL, NULL, "Path of the property")
MEMBER("template.mistakes[*].text", STRING, NONE, NULL, NULL, "What is wrong with it")
MEMBER("channels[*].arn", STRING, NONE, NULL, NULL, "ARN of the channel")
MEMBER("channels[*].name", STRING, NONE, NULL, NULL, "Name of the channel")
MEMBER("channels[*].type", STRING, NONE, "BASIC|STANDARD|ADVANCED_SD|ADVANCED_HD", "STANDARD",
       "Type of the channel")
MEMBER("channels[*].latencyMode", STRING, NONE, "NORMAL|LOW", "LOW", "Latency mode of the channel")
MEMBER("channels[*].containerFormat", STRING, NONE, "TS|FRAGMENTED_MP4", "TS",
       "Container format of the channel's segments")
MEMBER("channels[*].insecureIngest", BOOLEAN, NONE, NULL, "false",
       "Whether RTMP and SRT without TLS is allowed")
MEMBER("channels[*].authorized", BOOLEAN, NONE, NULL, "false",
       "Whether playback needs authorization")
MEMBER("channels[*].preset", STRING, NONE,
       "HIGHER_BANDWIDTH_DELIVERY|CONSTRAINED_BANDWIDTH_DELIVERY", NULL,
       "Transcode preset of an ADVANCED channel")
MEMBER("channels[*].recordingConfigurationArn", STRING, NONE, NULL, NULL,
       "ARN of the recording configuration that the channel uses")
MEMBER("channels[*].multitrackInputConfiguration.enabled", BOOLEAN, NONE, NULL, "false",
       "Whether multitrack input is enabled")
MEMBER("channels[*].multitrackInputConfiguration.policy", STRING, NONE, "ALLOW|REQUIRE", NULL,
       "Whether multitrack input is allowed or required")
MEMBER("channels[*].multitrackInputConfiguration.maximumResolution", STRING, NONE, "SD|HD|FULL_HD",
       NULL, "Highest resolution of multitrack input")
MEMBER("channels[*].tags", MAP, STRING, NULL, NULL, "Tags of the channel")
MEMBER("bucket.lifecycle[*].id", STRING, NONE, NULL, NULL, "Id of the lifecycle rule")
MEMBER("bucket.lifecycle[*].status", STRING, NONE, "Enabled|Disabled", NULL,
       "Whether the lifecycle rule is in force")
MEMBER("bucket.lifecycle[*].prefix", STRING, NONE, NULL, "''",
       "Beginning of the keys of the objects that it is for; '' for all")
MEMBER("bucket.lifecycle[*].narrowed", BOOLEAN, NONE, NULL, "false",
       "Whether it is only for objects of certain tags or sizes")
MEMBER("bucket.lifecycle[*].expirationDays", NUMBER, NONE, NULL, NULL,
       "Days after which objects expire")
MEMBER("bucket.lifecycle[*].noncurrentExpirationDays", NUMBER, NONE, NULL, NULL,
       "Days after which noncurrent versions expire")
MEMBER("bucket.lifecycle[*].transitionDays", NUMBER, NONE, NULL, NULL,
       "Days after which objects move to another storage class first")
MEMBER("bucket.lifecycle[*].transitionClass", STRING, NONE, NULL, NULL,
       "The storage class that they move to first")
MEMBER("bucket.lifecycle[*].abortUploadsDays", NUMBER, NONE, NULL, NULL,
       "Days after which multipart uploads that were not completed are removed")
