package secret

import "crypto/ed25519"

// Signer signs what is kept outside the database for purpose, with a key of its own (Ed25519, RFC 8032). Nodes that share a database share the node key, and so the signer.
func (k *Key) Signer(purpose string) ed25519.PrivateKey {
	return ed25519.NewKeyFromSeed(k.derive("sign/" + purpose))
}
