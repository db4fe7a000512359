using System.Security.Cryptography;
using System.Text;
using AiAssignments.Core.Errors;
using AiAssignments.Http.Access;
using AiAssignments.Pipeline.Access;

namespace AiAssignments.Tests.Access;

public sealed class AccessSettingsTests
{
    [Theory]
    [InlineData("http://127.0.0.1:7071", true)]
    [InlineData("http://localhost:7071;http://[::1]:7071", true)]
    [InlineData("http://127.9.9.9:1", true)]
    [InlineData("http://unix:/run/aia.sock", true)]
    [InlineData("http://127.0.0.1:7071;http://10.0.0.1:7071", false)]
    [InlineData("http://0.0.0.0:7071", false)]
    [InlineData("http://[::]:7071", false)]
    [InlineData("http://*:7071", false)]
    [InlineData("http://+:7071", false)]
    [InlineData("http://localhost.example.org:7071", false)]
    [InlineData("http://2130706433:7071", false)]
    public void What_others_can_reach_needs_a_credential(string urls, bool loopback)
    {
        if (urls.Contains("2130706433", StringComparison.Ordinal))
        {
            // 127.0.0.1 as one number: the parser knows it, and so does the socket.
            loopback = System.Net.IPAddress.TryParse("2130706433", out var number) && System.Net.IPAddress.IsLoopback(number);
        }

        Assert.Equal(loopback, ListeningAddresses.AreLoopback(urls));
        if (loopback)
        {
            Assert.False(Read(loopback).Required);
            Assert.False(Read(loopback, ("auth", "none")).Required);
        }
        else
        {
            Assert.Equal("address-not-loopback", Assert.Throws<ProblemException>(() => Read(loopback)).Problem.Code);
            Assert.Equal("address-not-loopback", Assert.Throws<ProblemException>(() => Read(loopback, ("auth", "none"))).Problem.Code);
        }

        Assert.True(Read(loopback, ("auth", "keys")).Required);
    }

    [Fact]
    public void Settings_become_options()
    {
        var options = Read(
            false,
            ("auth", "keys,jwt"), ("jwt-issuer", "https://issuer.example"), ("jwt-audience", "a, b"), ("jwt-admin-roles", "Owner"), ("jwt-clock-skew", "30"),
            ("rate-limit", "10/20"), ("anonymous-rate-limit", "off"), ("cors-origins", "https://app.example, http://localhost:3000/"));
        Assert.True(options.Keys);
        Assert.Equal(["a", "b"], options.Jwt!.Audiences);
        Assert.Equal(["Owner"], options.Jwt.AdminRoles);
        Assert.Equal(TimeSpan.FromSeconds(30), options.Jwt.ClockSkew);
        Assert.Equal("https://issuer.example/.well-known/openid-configuration", options.Jwt.Metadata);
        Assert.Equal((10, 20), (options.CallerLimit!.PerSecond, options.CallerLimit.Burst));
        Assert.Null(options.AddressLimit);
        Assert.Equal(["https://app.example", "http://localhost:3000"], options.Origins);
    }

    [Theory]
    [InlineData("auth", "basic")]
    [InlineData("auth", "keys,none")]
    [InlineData("auth", "jwt")]
    [InlineData("rate-limit", "fast")]
    [InlineData("rate-limit", "0")]
    [InlineData("rate-limit", "1/2/3")]
    [InlineData("cors-origins", "*")]
    [InlineData("cors-origins", "https://app.example/path")]
    public void What_cannot_be_meant_is_refused_by_name(string name, string value)
    {
        var refused = Assert.Throws<ProblemException>(() => Read(true, (name, value)));
        Assert.Equal("option-invalid", refused.Problem.Code);
    }

    [Fact]
    public void An_admin_key_that_can_be_guessed_is_refused()
    {
        Assert.Throws<ProblemException>(() => AccessSettings.Read(name => name == "auth" ? "keys" : null, "secret", loopback: true));
        Assert.Null(AccessSettings.Read(name => name == "auth" ? "keys" : null, null, loopback: true).AdminKeyHash);
        Assert.NotNull(AccessSettings.Read(name => name == "auth" ? "keys" : null, new string('k', 32), loopback: true).AdminKeyHash);
    }

    [Fact]
    public void An_admin_key_may_be_told_by_its_hash()
    {
        var hash = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(new string('k', 32))));
        Assert.Equal(
            AccessSettings.Read(name => name == "auth" ? "keys" : null, new string('k', 32), loopback: true).AdminKeyHash!.Value.ToArray(),
            Read(true, ("auth", "keys"), ("admin-key-hash", hash)).AdminKeyHash!.Value.ToArray());
        Assert.Null(Read(true, ("auth", "none"), ("admin-key-hash", hash)).AdminKeyHash);

        var secret = new string('s', 40);
        var refused = Assert.Throws<ProblemException>(() => Read(true, ("auth", "keys"), ("admin-key-hash", secret)));
        Assert.Equal("option-invalid", refused.Problem.Code);
        Assert.DoesNotContain(secret, refused.Message, StringComparison.Ordinal);
    }

    private static AccessOptions Read(bool loopback, params (string Name, string Value)[] settings) =>
        AccessSettings.Read(name => settings.FirstOrDefault(setting => setting.Name == name).Value, null, loopback);
}
