using System.Security.Cryptography;
using AgentFlow.Protocol.Crypto;

namespace AgentFlow.Protocol.Tests.Crypto;

/// <summary>
/// Known answers of the published standards (RFC 8032, 7748, 7693, 5869, 9180), typed from the texts; the IETF Trust allows their use as test data.
/// </summary>
public sealed class StandardVectorTests
{
    [Theory]
    [InlineData("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60", "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b")]
    [InlineData("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb", "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00")]
    [InlineData("c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7", "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a")]
    [InlineData("833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42", "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
        "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
        "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ecfdfbc7c66431e0303dca179c138ac17ad9bef1177331a704")]
    public void Ed25519_signs_and_verifies_RFC_8032_7_1(string seed, string publicKey, string message, string signature)
    {
        Span<byte> secret = stackalloc byte[64], key = stackalloc byte[32], made = stackalloc byte[64];
        Suite.Current.SigningKeyPair(Convert.FromHexString(seed), key, secret);
        Assert.Equal(publicKey, Convert.ToHexStringLower(key));
        using var guarded = SecretKey.Copy(secret);
        Suite.Current.Sign(guarded, Convert.FromHexString(message), made);
        Assert.Equal(signature, Convert.ToHexStringLower(made));
        Assert.True(Suite.Current.Verify(key, Convert.FromHexString(message), made));
    }

    [Theory]
    [InlineData("a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4", "e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c",
        "c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552")]
    [InlineData("4b66e9d4d1b4673c5ad22691957d6af5c11b6421e0ea01d42ca4169e7918ba0d", "e5210f12786811d3f4b7959d0538ae2c31dbe7106fc03c3efc4cd549c715a493",
        "95cbde9476e8907d7aade45cb4b873f88b595a68799fa152e6f8f7647aac7957")]
    [InlineData("5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb", "8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a",
        "4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742")]
    public void X25519_agrees_as_in_RFC_7748_5_2_and_6_1(string scalar, string point, string shared)
    {
        byte[] made = new byte[32];
        Assert.True(Suite.Current.TryAgree(Convert.FromHexString(scalar), Convert.FromHexString(point), made));
        Assert.Equal(shared, Convert.ToHexStringLower(made));
    }

    [Fact]
    public void X25519_holds_through_the_thousand_iterations_of_RFC_7748_5_2()
    {
        byte[] k = new byte[32], u = new byte[32], result = new byte[32];
        k[0] = u[0] = 9;
        for (int i = 0; i < 1000; i++)
        {
            Suite.Current.TryAgree(k, u, result);
            k.CopyTo(u, 0);
            result.CopyTo(k, 0);
        }

        Assert.Equal("684cf59ba83309552800ef566f2f4d3c1c3887c49360e3875f2eb94d99532c51", Convert.ToHexStringLower(k));
    }

    [Theory]
    [InlineData("0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("0100000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800")]
    [InlineData("5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157")]
    [InlineData("ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f")]
    [InlineData("edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f")]
    [InlineData("eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f")]
    public void X25519_refuses_points_of_low_order(string point)
    {
        byte[] key = Convert.FromHexString(point), enc = new byte[32], sealedBytes = new byte[48];
        Assert.False(AgreementKey.IsUsable(new Bytes32(key)));
        Assert.False(Hpke.TrySeal(key, [], [], new byte[32], SystemRandom.Instance, enc, sealedBytes));
    }

    [Fact]
    public void Blake2b_gives_the_digest_of_RFC_7693_A()
    {
        byte[] digest = new byte[64];
        var hash = new Blake2b(stackalloc byte[Blake2b.WorkspaceSize], [], 64);
        hash.Add("a"u8);
        hash.Add("bc"u8);
        hash.Finish(digest);
        Assert.Equal(
            "ba80a53f981c4d0d6a2797b69f12f6e94c212f14685ac4b74b12bb6fdbffa2d17d87c5392aab792dc252d5de4533cc9518d38aa8dbf1925ab92386edd4009923",
            Convert.ToHexStringLower(digest));
    }

    /// <summary>Key 00..1f, input 00, 01, ...; digests from the reference implementation in CPython.</summary>
    [Theory]
    [InlineData(0, "4e51e7a913fc80137da52880fecca175bf81e117d5c68126dc2774033517ea0d")]
    [InlineData(1, "41ff93a4eaeebd3b78a93438a6f62a92ab5959c859e682b72c7def406197ca4d")]
    [InlineData(127, "12879e69734944f25f9ed95cbfdbb3659a307e485ed8ec118ce7c60f107357f1")]
    [InlineData(128, "138893f1631ef3165629515d6ed800da3771b7926dced294205c7507351deebc")]
    [InlineData(129, "ca60f75cbb714330c046d8f28b4ed351a3ee81776bb02a96abb646fe573e3d5c")]
    [InlineData(255, "f60f5c4a575c43db6c93608515866ea998e04b35792f5a92b27aa5880cd6721e")]
    public void Keyed_blake2b_agrees_around_its_block_size(int length, string expected)
    {
        byte[] key = [.. Enumerable.Range(0, 32).Select(i => (byte)i)], input = [.. Enumerable.Range(0, length).Select(i => (byte)i)], digest = new byte[32];
        var hash = new Blake2b(stackalloc byte[Blake2b.WorkspaceSize], key, 32);
        foreach (byte b in input)
            hash.Add([b]);
        hash.Finish(digest);
        Assert.Equal(expected, Convert.ToHexStringLower(digest));
    }

    [Theory]
    [InlineData(22, 0x0b, 0x00, 13, 0xf0, 10, "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865")]
    [InlineData(80, -1, 0x60, 80, 0xb0, 80,
        "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c"
        + "59045a99cac7827271cb41c65e590e09da3275600c2f09b8367793a9aca3db71cc30c58179ec3e87c14c01d5c1f3434f1d87")]
    [InlineData(22, 0x0b, 0x00, 0, 0x00, 0, "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8")]
    public void Hkdf_of_the_platform_gives_RFC_5869_A_1_to_3(
        int ikmLength, int ikmByte, int saltFrom, int saltLength, int infoFrom, int infoLength, string expected)
    {
        byte[] ikm = [.. Enumerable.Range(0, ikmLength).Select(i => (byte)(ikmByte < 0 ? i : ikmByte))];
        byte[] output = new byte[expected.Length / 2];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, ikm, output, Run(saltFrom, saltLength), Run(infoFrom, infoLength));
        Assert.Equal(expected, Convert.ToHexStringLower(output));
    }

    [Fact]
    public void The_kem_of_hpke_gives_the_shared_secret_of_RFC_9180_A_1_1()
    {
        byte[] ephemeral = Convert.FromHexString("52c4a758a802cd8b936eceea314432798d5baf2d7e9235dc084ab1b9cfa2f736");
        byte[] enc = Convert.FromHexString("37fda3567bdbd628e88668c3c8d7e97d1d1253b6d4ea6d44c150f741f1bf4431");
        byte[] recipient = Convert.FromHexString("4612c550263fc8ad58375df3f557aac531d26850903e55a9f23f21d8534e8ac8");
        byte[] recipientKey = Convert.FromHexString("3948cfe0ad1ddb695d780e59077195da6c56506b027329794ab02bca80815c4d");
        byte[] made = new byte[32], opened = new byte[32];
        Assert.True(Hpke.TryDeriveShared(ephemeral, recipientKey, enc, recipientKey, made));
        Assert.True(Hpke.TryDeriveShared(recipient, enc, enc, recipientKey, opened));
        Assert.Equal("fe0e18c9f024ce43799ae393c7e8fe8fce9d218875e8227b0187c04e7d2ea1fc", Convert.ToHexStringLower(made));
        Assert.Equal(made, opened);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(16)]
    [InlineData(1000)]
    public void Aes_gcm_of_the_platform_and_of_libsodium_give_the_same_bytes(int length)
    {
        var native = new SodiumSuite();
        var fallback = new SodiumSuite(useNativeAes: false);
        byte[] key = Run(7, 32), nonce = Run(9, 12), aad = Run(1, 20), plaintext = [.. Enumerable.Range(0, length).Select(i => (byte)i)];
        byte[] a = new byte[length], b = new byte[length], tagA = new byte[16], tagB = new byte[16], opened = new byte[length];
        native.AeadSeal(key, nonce, aad, plaintext, a, tagA);
        fallback.AeadSeal(key, nonce, aad, plaintext, b, tagB);
        Assert.Equal(a, b);
        Assert.Equal(tagA, tagB);
        Assert.True(fallback.TryAeadOpen(key, nonce, aad, a, tagA, opened));
        Assert.Equal(plaintext, opened);
        tagA[0] ^= 1;
        Assert.False(fallback.TryAeadOpen(key, nonce, aad, a, tagA, opened));
        Assert.False(native.TryAeadOpen(key, nonce, aad, a, tagA, opened));
    }

    [Fact]
    public void A_library_that_verifies_otherwise_is_refused_at_start()
    {
        var refused = Assert.Throws<PlatformNotSupportedException>(() => SuiteSelfTest.Run(new Library((_, _, _) => true)));
        Assert.Contains("cofactor", refused.Message, StringComparison.Ordinal);
        Assert.Throws<PlatformNotSupportedException>(() => SuiteSelfTest.Run(new Library((_, _, _) => false)));
        SuiteSelfTest.Run(new SodiumSuite());
    }

    [Theory]
    [InlineData("S is not below L", "signature", 63, 0x1b, 62, 0x10)]
    [InlineData("R is of small order", "signature", 0, 0x01, 31, 0x00)]
    [InlineData("A is of small order", "key", 0, 0x01, 31, 0x00)]
    [InlineData("A is not canonical", "key", 0, 0xee, 31, 0x7f)]
    public void A_library_that_accepts_a_forbidden_signature_is_refused_at_start(string what, string part, int at, byte value, int andAt, byte andValue)
    {
        var lenient = new Library((key, signature, real) =>
            real || ((part == "key" ? key : signature) is var bytes && bytes[at] == value && bytes[andAt] == andValue));
        var refused = Assert.Throws<PlatformNotSupportedException>(() => SuiteSelfTest.Run(lenient));
        Assert.True(refused.Message.Contains("forbids: S not below L", StringComparison.Ordinal), what);
    }

    [Fact]
    public void The_install_command_for_this_platform_is_known()
    {
        Assert.Contains("libsodium", SodiumLibrary.InstallHint, StringComparison.Ordinal);
    }

    private static byte[] Run(int from, int length) => [.. Enumerable.Range(from, length).Select(i => (byte)i)];

    /// <summary>A library that answers otherwise than the real one: it is given key, signature and the real answer.</summary>
    private sealed class Library(Func<byte[], byte[], bool, bool> answer) : ICryptoSuite
    {
        private readonly SodiumSuite _real = new();

        public bool Verify(ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature) =>
            answer(publicKey.ToArray(), signature.ToArray(), _real.Verify(publicKey, message, signature));

        public void SigningKeyPair(ReadOnlySpan<byte> seed, Span<byte> publicKey, Span<byte> secretKey) => _real.SigningKeyPair(seed, publicKey, secretKey);

        public void Sign(SecretKey secretKey, ReadOnlySpan<byte> message, Span<byte> signature) => _real.Sign(secretKey, message, signature);

        public void AgreementPublicKey(ReadOnlySpan<byte> privateKey, Span<byte> publicKey) => _real.AgreementPublicKey(privateKey, publicKey);

        public bool TryAgree(ReadOnlySpan<byte> privateKey, ReadOnlySpan<byte> peerKey, Span<byte> shared) => _real.TryAgree(privateKey, peerKey, shared);

        public void HashInit(Span<byte> state, ReadOnlySpan<byte> key, int outputLength) => _real.HashInit(state, key, outputLength);

        public void HashUpdate(Span<byte> state, ReadOnlySpan<byte> input) => _real.HashUpdate(state, input);

        public void HashFinal(Span<byte> state, Span<byte> output) => _real.HashFinal(state, output);

        public void AeadSeal(
            ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> aad, ReadOnlySpan<byte> plaintext, Span<byte> ciphertext, Span<byte> tag) =>
            _real.AeadSeal(key, nonce, aad, plaintext, ciphertext, tag);

        public bool TryAeadOpen(
            ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> aad, ReadOnlySpan<byte> ciphertext, ReadOnlySpan<byte> tag,
            Span<byte> plaintext) =>
            _real.TryAeadOpen(key, nonce, aad, ciphertext, tag, plaintext);

        public bool TryArgon2id(ReadOnlySpan<byte> password, ReadOnlySpan<byte> salt, int memoryKiB, int operations, Span<byte> key) =>
            _real.TryArgon2id(password, salt, memoryKiB, operations, key);
    }
}
