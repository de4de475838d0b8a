// Package crash holds the rounds of bad luck: the program is killed without a word at random moments of its work, or loses its database, its disk or its connection while
// people send reports, and is compared with a ledger kept outside of what it had acknowledged. They run with the build tag soak (make soak); docs/reliability.md says what
// comes out.
package crash
