/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Calls that are made of IVS, in the order of the manual. The IAM action of a
 * row is ivs:<operation>; the last column is the service's quota, in calls a
 * second of an account and region. No include guard: CALL(id, operation, tps)
 * is the includer's.
 */
CALL(list_recording_configurations, "ListRecordingConfigurations", 3)
CALL(get_recording_configuration, "GetRecordingConfiguration", 3)
