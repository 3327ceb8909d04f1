// Verifies a log that Tickmark wrote, with golang.org/x/mod/sumdb alone: no line of it is shared with Tickmark.
//
//	verify-log FOLDER VERIFIER-KEY [COSIGNED-NOTE WITNESS-KEY]
//	verify-log prove    for each line "inclusion SIZE INDEX" or "consistency SIZE OLDER" on stdin: the proof, in hex,
//	                    in the tree whose entries are "entry 0", "entry 1", ...
package main

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const width = 256

func main() {
	switch {
	case len(os.Args) == 2 && os.Args[1] == "prove":
		prove()
	case len(os.Args) == 3 || len(os.Args) == 5:
		verify(os.Args[1], os.Args[2], os.Args[3:])
	default:
		fail("usage: verify-log FOLDER VERIFIER-KEY [COSIGNED-NOTE WITNESS-KEY], or verify-log prove")
	}
}

func verify(folder string, key string, cosigned []string) {
	verifier, err := note.NewVerifier(key)
	check("verifier key", err)
	size, root := checkpoint(filepath.Join(folder, "checkpoint"), verifier)
	entries := readEntries(folder, size)
	reader := stored(entries)
	derived, err := tlog.TreeHash(size, reader)
	check("root", err)
	if derived != root {
		fail("the entries do not give the signed root")
	}

	// Every tile, made again from the entries.
	tiles := tlog.NewTiles(8, 0, size)
	disk := onDisk{folder}
	for _, tile := range tiles {
		expected, err := tlog.ReadTileData(tile, reader)
		check("tile", err)
		found, err := disk.ReadTiles([]tlog.Tile{tile})
		check("tile", err)
		if !bytes.Equal(expected, found[0]) {
			fail(fmt.Sprintf("tile %d/%d is not what the entries give", tile.L, tile.N))
		}
	}

	// Every entry is proven; some of the proofs are asked of the tiles on the disk.
	fromTiles := tlog.TileHashReader(tlog.Tree{N: size, Hash: root}, disk)
	for index := int64(0); index < size; index++ {
		proof, err := tlog.ProveRecord(size, index, reader)
		check("inclusion proof", err)
		check("inclusion", tlog.CheckRecord(proof, size, root, index, tlog.RecordHash(entries[index])))
		if index%(1+size/50) == 0 {
			proof, err := tlog.ProveRecord(size, index, fromTiles)
			check("inclusion proof from tiles", err)
			check("inclusion from tiles", tlog.CheckRecord(proof, size, root, index, tlog.RecordHash(entries[index])))
		}
	}

	// Every checkpoint that was ever signed continues the one before it.
	kept, err := filepath.Glob(filepath.Join(folder, "checkpoints", "[0-9]*-????????????????"))
	check("checkpoints", err)
	var before int64
	var beforeRoot tlog.Hash
	for _, file := range append(kept, filepath.Join(folder, "checkpoint")) {
		if !signedBy(file, verifier) {
			continue // by a key that this one replaced, or that replaced it
		}
		after, afterRoot := checkpoint(file, verifier)
		if after > size || after < before {
			fail(fmt.Sprintf("a checkpoint of size %d was signed, after %d and before %d", after, before, size))
		}
		if before > 0 {
			proof, err := tlog.ProveTree(after, before, reader)
			check("consistency proof", err)
			check(fmt.Sprintf("consistency of %d and %d", before, after), tlog.CheckTree(proof, after, afterRoot, before, beforeRoot))
		}
		before, beforeRoot = after, afterRoot
	}
	if len(cosigned) == 2 {
		verifyCosigned(cosigned[0], verifier, cosigned[1])
	}
	fmt.Printf("VERIFIED %s size %d tiles %d checkpoints %d\n", verifier.Name(), size, len(tiles), len(kept))
}

func prove() {
	var reader tlog.HashReader
	lines := bufio.NewScanner(os.Stdin)
	out := bufio.NewWriter(os.Stdout)
	for lines.Scan() {
		var what string
		var size, other int64
		_, err := fmt.Sscan(lines.Text(), &what, &size, &other)
		check("question", err)
		if reader == nil { // the first question names the size of the whole tree
			entries := make([][]byte, size)
			for index := range entries {
				entries[index] = []byte(fmt.Sprintf("entry %d", index))
			}
			reader = stored(entries)
		}
		var hashes []tlog.Hash
		if what == "inclusion" {
			hashes, err = tlog.ProveRecord(size, other, reader)
		} else {
			hashes, err = tlog.ProveTree(size, other, reader)
		}
		check(lines.Text(), err)
		for _, hash := range hashes {
			fmt.Fprint(out, hex.EncodeToString(hash[:]))
		}
		fmt.Fprintln(out)
	}
	check("stdin", lines.Err())
	check("stdout", out.Flush())
}

func stored(entries [][]byte) tlog.HashReader {
	var all []tlog.Hash
	reader := tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		hashes := make([]tlog.Hash, len(indexes))
		for i, index := range indexes {
			hashes[i] = all[index]
		}
		return hashes, nil
	})
	for index, entry := range entries {
		hashes, err := tlog.StoredHashes(int64(index), entry, reader)
		check("hash of entry", err)
		all = append(all, hashes...)
	}
	return reader
}

// Whether a line of a note is said to be of this key, right or wrong.
func signedBy(file string, verifier note.Verifier) bool {
	content, err := os.ReadFile(file)
	check("checkpoint", err)
	_, err = note.Open(content, note.VerifierList(verifier))
	_, isOther := err.(*note.UnverifiedNoteError)
	return !isOther
}

func checkpoint(file string, verifier note.Verifier) (int64, tlog.Hash) {
	content, err := os.ReadFile(file)
	check("checkpoint", err)
	signed, err := note.Open(content, note.VerifierList(verifier))
	check("signature", err)
	lines := strings.Split(signed.Text, "\n")
	if len(lines) != 4 || lines[0] != verifier.Name() {
		fail("not a checkpoint of " + verifier.Name())
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	check("size", err)
	decoded, err := base64.StdEncoding.DecodeString(lines[2])
	check("root", err)
	var root tlog.Hash
	if copy(root[:], decoded) != len(root) || len(decoded) != len(root) {
		fail("the root has not 32 bytes")
	}
	return size, root
}

func readEntries(folder string, size int64) [][]byte {
	var entries [][]byte
	for bundle := int64(0); bundle*width < size; bundle++ {
		count := min(width, size-bundle*width)
		bytes, err := os.ReadFile(filepath.Join(folder, "tile", "entries", path(bundle, int(count))))
		check("entries", err)
		for len(bytes) > 0 {
			if len(bytes) < 2 || len(bytes) < 2+int(binary.BigEndian.Uint16(bytes)) {
				fail("an entry bundle is cut short")
			}
			length := int(binary.BigEndian.Uint16(bytes))
			entries = append(entries, bytes[2:2+length])
			bytes = bytes[2+length:]
		}
	}
	if int64(len(entries)) != size {
		fail(fmt.Sprintf("%d entries, not %d", len(entries), size))
	}
	return entries
}

type onDisk struct{ folder string }

func (onDisk) Height() int                                { return 8 }
func (onDisk) SaveTiles(tiles []tlog.Tile, data [][]byte) {}
func (disk onDisk) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	data := make([][]byte, len(tiles))
	for i, tile := range tiles {
		bytes, err := os.ReadFile(filepath.Join(disk.folder, "tile", strconv.Itoa(tile.L), path(tile.N, tile.W)))
		if err != nil {
			return nil, err
		}
		data[i] = bytes
	}
	return data, nil
}

// path is C2SP's: x/mod puts the height of a tile before it.
func path(index int64, count int) string {
	name := fmt.Sprintf("%03d", index%1000)
	for index >= 1000 {
		index /= 1000
		name = fmt.Sprintf("x%03d/%s", index%1000, name)
	}
	if count < width {
		name += fmt.Sprintf(".p/%d", count)
	}
	return name
}

func check(what string, err error) {
	if err != nil {
		fail(what + ": " + err.Error())
	}
}

func fail(why string) {
	fmt.Fprintln(os.Stderr, why)
	os.Exit(1)
}
