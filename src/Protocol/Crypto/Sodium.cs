using System.Runtime.InteropServices;

namespace AgentFlow.Protocol.Crypto;

/// <summary>The functions of libsodium that AF1 uses, with their C names.</summary>
/// <remarks>Reference: https://doc.libsodium.org. Lengths are fixed by the suite; callers check them before they pass pointers.</remarks>
internal static unsafe partial class Sodium
{
    private const string Library = SodiumLibrary.Name;

    [LibraryImport(Library)]
    public static partial int sodium_init();

    [LibraryImport(Library)]
    public static partial int sodium_library_version_major();

    [LibraryImport(Library)]
    public static partial int sodium_library_version_minor();

    [LibraryImport(Library)]
    public static partial nint sodium_malloc(nuint size);

    [LibraryImport(Library)]
    public static partial void sodium_free(nint pointer);

    [LibraryImport(Library)]
    public static partial int sodium_mprotect_readonly(nint pointer);

    [LibraryImport(Library)]
    public static partial int crypto_sign_seed_keypair(byte* publicKey, byte* secretKey, byte* seed);

    [LibraryImport(Library)]
    public static partial int crypto_sign_detached(byte* signature, ulong* signatureLength, byte* message, ulong messageLength, SecretKey secretKey);

    [LibraryImport(Library)]
    public static partial int crypto_sign_verify_detached(byte* signature, byte* message, ulong messageLength, byte* publicKey);

    [LibraryImport(Library)]
    public static partial int crypto_scalarmult_base(byte* publicKey, byte* secretKey);

    [LibraryImport(Library)]
    public static partial int crypto_scalarmult(byte* shared, byte* secretKey, byte* publicKey);

    [LibraryImport(Library)]
    public static partial int crypto_generichash_init(byte* state, byte* key, nuint keyLength, nuint outLength);

    [LibraryImport(Library)]
    public static partial int crypto_generichash_update(byte* state, byte* input, ulong inputLength);

    [LibraryImport(Library)]
    public static partial int crypto_generichash_final(byte* state, byte* output, nuint outLength);

    [LibraryImport(Library)]
    public static partial int crypto_aead_aes256gcm_is_available();

    [LibraryImport(Library)]
    public static partial int crypto_aead_aes256gcm_encrypt_detached(
        byte* ciphertext, byte* tag, ulong* tagLength, byte* plaintext, ulong plaintextLength, byte* aad, ulong aadLength, byte* zero, byte* nonce, byte* key);

    [LibraryImport(Library)]
    public static partial int crypto_aead_aes256gcm_decrypt_detached(
        byte* plaintext, byte* zero, byte* ciphertext, ulong ciphertextLength, byte* tag, byte* aad, ulong aadLength, byte* nonce, byte* key);

    [LibraryImport(Library)]
    public static partial int crypto_pwhash(
        byte* output, ulong outputLength, byte* password, ulong passwordLength, byte* salt, ulong operations, nuint memoryBytes, int algorithm);
}
