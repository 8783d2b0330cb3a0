using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace AgentFlow.HubServer.Tests.Serving;

/// <summary>A certificate for the loopback, in two files.</summary>
internal static class TestCertificate
{
    public static (string Certificate, string Key) Write(string folder)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256);
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UnixEpoch.AddYears(50), DateTimeOffset.UnixEpoch.AddYears(100));
        string certificateFile = Path.Combine(folder, "hub.pem"), keyFile = Path.Combine(folder, "hub.key");
        File.WriteAllText(certificateFile, certificate.ExportCertificatePem());
        File.WriteAllText(keyFile, key.ExportPkcs8PrivateKeyPem());
        return (certificateFile, keyFile);
    }

    /// <summary>Accepts the certificate in the file and no other.</summary>
    public static RemoteCertificateValidationCallback Only(string file) => (_, shown, _, _) =>
        shown is not null && shown.GetRawCertData().AsSpan().SequenceEqual(X509Certificate2.CreateFromPem(File.ReadAllText(file)).RawData);
}
