// Package crash holds the crash rounds: the program is killed without a word at random moments of its work, started again, and compared with
// a ledger kept outside of what it had acknowledged. They run with the build tag soak (make soak); docs/reliability.md says what comes out.
package crash
