// SPDX-License-Identifier: Apache-2.0
// The ten checks of bench.yaml with Node alone.
// rival_check.js FILE OUT: NDJSON in, findings as NDJSON out.
'use strict'
const fs = require('fs')
const readline = require('readline')

const BUCKET = /^acme-(dev|stage|prod)-ivs-[a-z0-9-]+$/
const NAME = /^[a-z][a-z0-9-]{2,60}$/
const ENVIRONMENTS = new Set(['dev', 'stage', 'prod'])

const out = fs.openSync(process.argv[3], 'w')
let pending = []
let number = 0

function flush () {
  fs.writeSync(out, pending.join(''))
  pending = []
}

function judge (c) {
  const fail = (rule, field, actual) => {
    pending.push(JSON.stringify({ rule, verdict: 'fail', resource: c.arn, field, actual,
      line: number }) + '\n')
  }
  const tags = c.tags || {}
  const environment = tags.Environment
  const bucket = c.destinationConfiguration.s3.bucketName
  const interval = c.thumbnailConfiguration.targetIntervalSeconds
  const window = c.recordingReconnectWindowSeconds
  const renditions = c.renditionConfiguration.renditions
  if (!('Owner' in tags) || environment === undefined) fail('required-tags', 'tags', tags)
  if (environment !== undefined && !ENVIRONMENTS.has(environment)) {
    fail('environment-values', 'tags', tags)
  }
  if (!BUCKET.test(bucket)) fail('bucket-pattern', 'destinationConfiguration.s3.bucketName', bucket)
  if (!NAME.test(c.name)) fail('name-pattern', 'name', c.name)
  if (!(interval >= 5 && interval <= 60)) {
    fail('interval-bounds', 'thumbnailConfiguration.targetIntervalSeconds', interval)
  }
  if (!(window >= 30 && window <= 300)) {
    fail('window-bounds', 'recordingReconnectWindowSeconds', window)
  }
  if (interval % 5 !== 0) {
    fail('interval-multiple', 'thumbnailConfiguration.targetIntervalSeconds', interval)
  }
  if (c.state !== 'ACTIVE') fail('state-active', 'state', c.state)
  if (!renditions.includes('FULL_HD')) {
    fail('full-hd', 'renditionConfiguration.renditions', renditions)
  }
  if (environment === undefined || !bucket.includes(environment)) {
    fail('bucket-environment', 'destinationConfiguration.s3.bucketName', bucket)
  }
}

const lines = readline.createInterface({ input: fs.createReadStream(process.argv[2]) })
lines.on('line', (line) => {
  number++
  judge(JSON.parse(line).recordingConfiguration)
  if (pending.length > 1000) flush()
})
lines.on('close', flush)
