// Package jsoncases reads cases, JSON objects with an id that are run one by one, from files and streams, and writes one line of JSON for each. It is what the
// command-line tools that take cases have in common: a damaged case says what is wrong with it, where, and what to do, and does not stop the others; a name that
// nothing reads is warned of; and the output has the order of the input, however many cores are at work.
package jsoncases
