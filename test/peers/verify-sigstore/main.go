// Verifies Sigstore bundles with sigstore-go: no line of it is shared with Tickmark.
//
//	verify-sigstore TRUSTED-ROOT TIMESTAMPS BUNDLE... < lines of keys: SubjectPublicKeyInfo, base64
package main

import (
	"bufio"
	"crypto"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"fmt"
	"os"
	"strconv"
	"time"

	"github.com/sigstore/sigstore-go/pkg/bundle"
	"github.com/sigstore/sigstore-go/pkg/root"
	"github.com/sigstore/sigstore-go/pkg/verify"
	"github.com/sigstore/sigstore/pkg/signature"
)

func main() {
	trusted, err := root.NewTrustedRootFromPath(os.Args[1])
	check(err)
	timestamps, err := strconv.Atoi(os.Args[2])
	check(err)
	material := root.TrustedMaterialCollection{trusted, root.NewTrustedPublicKeyMaterialFromMapping(keys())}
	observed := verify.WithNoObserverTimestamps()
	if timestamps > 0 {
		observed = verify.WithSignedTimestamps(timestamps)
	}
	verifier, err := verify.NewVerifier(material, verify.WithTransparencyLog(1), observed)
	check(err)
	for _, file := range os.Args[3:] {
		entity, err := bundle.LoadJSONFromPath(file)
		check(err)
		_, err = verifier.Verify(entity, verify.NewPolicy(verify.WithoutArtifactUnsafe(), verify.WithKey()))
		check(err)
	}
	fmt.Printf("VERIFIED %d bundles\n", len(os.Args)-3)
}

func keys() map[string]*root.ExpiringKey {
	known := map[string]*root.ExpiringKey{}
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		der, err := base64.StdEncoding.DecodeString(lines.Text())
		check(err)
		key, err := x509.ParsePKIXPublicKey(der)
		check(err)
		verifier, err := signature.LoadVerifier(key, crypto.SHA256)
		check(err)
		hint := sha256.Sum256(der)
		known[base64.StdEncoding.EncodeToString(hint[:])] = root.NewExpiringKey(verifier, time.Time{}, time.Time{})
	}
	check(lines.Err())
	return known
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
