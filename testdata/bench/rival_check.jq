# SPDX-License-Identifier: Apache-2.0
# The ten checks of bench.yaml for jq 1.6: jq -c -f rival_check.jq FILE
.recordingConfiguration as $c
| ($c.tags // {}) as $tags
| $tags.Environment as $environment
| $c.destinationConfiguration.s3.bucketName as $bucket
| $c.thumbnailConfiguration.targetIntervalSeconds as $interval
| $c.recordingReconnectWindowSeconds as $window
| def fail($rule; $field; $actual):
    {$rule, verdict: "fail", resource: $c.arn, $field, $actual, line: input_line_number};
  (if ($tags | has("Owner") and has("Environment")) then empty
   else fail("required-tags"; "tags"; $tags) end),
  (if $environment == null or $environment == "dev" or $environment == "stage"
      or $environment == "prod" then empty
   else fail("environment-values"; "tags"; $tags) end),
  (if ($bucket | test("^acme-(dev|stage|prod)-ivs-[a-z0-9-]+$")) then empty
   else fail("bucket-pattern"; "destinationConfiguration.s3.bucketName"; $bucket) end),
  (if ($c.name | test("^[a-z][a-z0-9-]{2,60}$")) then empty
   else fail("name-pattern"; "name"; $c.name) end),
  (if $interval >= 5 and $interval <= 60 then empty
   else fail("interval-bounds"; "thumbnailConfiguration.targetIntervalSeconds"; $interval) end),
  (if $window >= 30 and $window <= 300 then empty
   else fail("window-bounds"; "recordingReconnectWindowSeconds"; $window) end),
  (if $interval % 5 == 0 then empty
   else fail("interval-multiple"; "thumbnailConfiguration.targetIntervalSeconds"; $interval) end),
  (if $c.state == "ACTIVE" then empty else fail("state-active"; "state"; $c.state) end),
  (if ($c.renditionConfiguration.renditions | index("FULL_HD")) != null then empty
   else fail("full-hd"; "renditionConfiguration.renditions";
             $c.renditionConfiguration.renditions) end),
  (if $environment != null and ($bucket | contains($environment)) then empty
   else fail("bucket-environment"; "destinationConfiguration.s3.bucketName"; $bucket) end)
