package main

import (
	"crypto/ed25519"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"os"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"
)

// witness verifies cosignatures of c2sp.org/tlog-cosignature, which x/mod leaves to whoever needs them.
type witness struct {
	name string
	hash uint32
	key  ed25519.PublicKey
	at   *time.Time
}

func (w witness) Name() string    { return w.name }
func (w witness) KeyHash() uint32 { return w.hash }
func (w witness) Verify(msg, sig []byte) bool {
	if len(sig) != 8+ed25519.SignatureSize {
		return false
	}
	seconds := binary.BigEndian.Uint64(sig)
	*w.at = time.Unix(int64(seconds), 0).UTC()
	return ed25519.Verify(w.key, []byte(fmt.Sprintf("cosignature/v1\ntime %d\n%s", seconds, msg)), sig[8:])
}

func verifyCosigned(file string, log note.Verifier, vkey string) {
	parts := strings.SplitN(vkey, "+", 3)
	if len(parts) != 3 {
		fail("not a witness key")
	}
	hash, err := hex.DecodeString(parts[1])
	check("key id", err)
	key, err := base64.StdEncoding.DecodeString(parts[2])
	check("witness key", err)
	if len(hash) != 4 || len(key) != 33 || key[0] != 4 {
		fail("not an Ed25519 witness key")
	}
	its := witness{parts[0], binary.BigEndian.Uint32(hash), key[1:], new(time.Time)}
	bytes, err := os.ReadFile(file)
	check("cosigned note", err)
	signed, err := note.Open(bytes, note.VerifierList(log, its))
	check("signatures", err)
	if len(signed.Sigs) != 2 || len(signed.UnverifiedSigs) != 0 {
		fail(fmt.Sprintf("%d verified and %d unverified signatures", len(signed.Sigs), len(signed.UnverifiedSigs)))
	}
	fmt.Printf("COSIGNED by %s at %s\n", its.name, its.at.Format(time.RFC3339))
}
