// Prints the annotations in its argument as GitHub's own library does.
import { error, warning } from '@actions/core';

for (const { severity, message, properties } of JSON.parse(process.argv[2] ?? '[]'))
  (severity === 'error' ? error : warning)(message, properties);
