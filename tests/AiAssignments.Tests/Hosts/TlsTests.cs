using System.Net;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using AiAssignments.Tests.Support;

namespace AiAssignments.Tests.Hosts;

/// <summary>The local host over TLS, with a certificate made here.</summary>
public sealed class TlsTests
{
    private const string Assembly = "AiAssignments.Local.dll";
    private const string Password = "Kestrel__Certificates__Default__Password";

    [Fact]
    public async Task An_https_address_speaks_both_versions_and_its_sockets()
    {
        using var folder = new TemporaryFolder();
        using var certificate = Certificate();
        await File.WriteAllBytesAsync(folder.File("own.pfx"), certificate.Export(X509ContentType.Pkcs12, "a secret"));
        await using var host = HostProcess.StartWith(
            Password, "a secret", Assembly, "--data", folder.File("data"), "--samples", "false", "--urls", "https://127.0.0.1:0", "--Kestrel:Certificates:Default:Path", folder.File("own.pfx"));
        var line = await host.SayAsync("Serving on https://");
        using var handler = new SocketsHttpHandler();
        handler.SslOptions.RemoteCertificateValidationCallback = (_, seen, _, _) => seen?.GetCertHashString() == certificate.GetCertHashString();
        using var http = new HttpClient(handler, disposeHandler: false) { BaseAddress = new Uri(line["Serving on ".Length..line.IndexOf(';', StringComparison.Ordinal)]) };
        foreach (var version in new[] { HttpVersion.Version11, HttpVersion.Version20 })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/api/health/live") { Version = version, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
            using var reply = await http.SendAsync(request);
            Assert.Equal((HttpStatusCode.OK, version), (reply.StatusCode, reply.Version));
        }

        using var negotiated = await http.PostAsync(new Uri("/api/negotiate", UriKind.Relative), null);
        var url = new Uri(JsonDocument.Parse(await negotiated.Content.ReadAsStringAsync()).RootElement.GetProperty("url").GetString()!);
        Assert.Equal("wss", url.Scheme);
        using var socket = new ClientWebSocket();
        socket.Options.AddSubProtocol("json.webpubsub.azure.v1");
        socket.Options.HttpVersion = HttpVersion.Version20;
        socket.Options.HttpVersionPolicy = HttpVersionPolicy.RequestVersionExact;
        using var invoker = new HttpMessageInvoker(handler, disposeHandler: false);
        await socket.ConnectAsync(url, invoker, CancellationToken.None);
        Assert.Equal(WebSocketState.Open, socket.State);
    }

    [Theory]
    [InlineData("none", "no certificate is named")]
    [InlineData("missing.pfx", "cannot be read")]
    [InlineData("locked.pfx", "cannot be read")]
    [InlineData("public.pem", "no private key")]
    [InlineData("noise.pfx", "cannot be read")]
    public async Task Without_a_certificate_that_can_be_used_it_says_so_in_one_line(string file, string said)
    {
        using var folder = new TemporaryFolder();
        using var certificate = Certificate();
        await File.WriteAllBytesAsync(folder.File("locked.pfx"), certificate.Export(X509ContentType.Pkcs12, "a secret"));
        await File.WriteAllTextAsync(folder.File("public.pem"), certificate.ExportCertificatePem());
        await File.WriteAllTextAsync(folder.File("noise.pfx"), "no certificate");
        string[] named = file == "none" ? [] : ["--Kestrel:Certificates:Default:Path", folder.File(file)];
        var (exit, _, error) = await HostProcess.RunAsync(Assembly, null, ["--data", folder.File("data"), "--urls", "https://127.0.0.1:0", .. named]);
        Assert.Equal(1, exit);
        Assert.Contains(said, error, StringComparison.Ordinal);
        Assert.Contains("[option-invalid]", error, StringComparison.Ordinal);
        Assert.Single(error.Trim().Split('\n'));
    }

    private static X509Certificate2 Certificate()
    {
        using var key = RSA.Create(2048);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(names.Build());
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
    }
}
