using AiAssignments.Azure.Blobs;
using AiAssignments.Core.Errors;
using Microsoft.Extensions.Configuration;

namespace AiAssignments.Tests.Azure.Blobs;

public sealed class BlobSettingsTests
{
    [Fact]
    public void The_settings_of_the_template_are_read()
    {
        var settings = Read(("ServiceUri", "https://data.blob.core.windows.net/"), ("DatasetsContainer", "mine"));

        Assert.Equal(new BlobSettings { ServiceUri = new Uri("https://data.blob.core.windows.net/"), DatasetsContainer = "mine" }, settings);
        using var blobs = AzureBlobs.Connect(settings);
        Assert.False(blobs.IsEmulator);
        Assert.Equal("https://data.blob.core.windows.net/store/a/b~2E/", blobs.Store.AddressOf("a/b./").AbsoluteUri);
    }

    [Theory]
    [InlineData("UseDevelopmentStorage=true")]
    [InlineData("DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;AccountKey=Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==;BlobEndpoint=http://azurite:10000/devstoreaccount1;")]
    public void An_emulators_connection_string_is_taken(string connection)
    {
        using var blobs = AzureBlobs.Connect(Read(("ConnectionString", connection)));

        Assert.True(blobs.IsEmulator);
    }

    [Theory]
    [InlineData("DefaultEndpointsProtocol=https;AccountName=data;AccountKey=c2VjcmV0;EndpointSuffix=core.windows.net")]
    [InlineData("BlobEndpoint=https://data.blob.core.windows.net;SharedAccessSignature=sv=2024-01-01&sig=c2VjcmV0")]
    [InlineData("c2VjcmV0")]
    public void The_key_of_a_real_account_is_refused_and_not_repeated(string connection)
    {
        var refused = Assert.Throws<ProblemException>(() => AzureBlobs.Connect(Read(("ConnectionString", connection))));

        Assert.Equal("option-invalid", refused.Problem.Code);
        Assert.DoesNotContain("c2VjcmV0", refused.Problem.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ServiceUri", "http://data.blob.core.windows.net")]
    [InlineData("ServiceUri", "https://data.blob.core.windows.net/store")]
    [InlineData("ServiceUri", "https://data.blob.core.windows.net/?sv=1&sig=c2VjcmV0")]
    [InlineData("ServiceUri", "data")]
    [InlineData("ServiceUri", "")]
    [InlineData("Container", "Store")]
    [InlineData("Container", "..")]
    [InlineData("Container", "a--b")]
    [InlineData("Container", "datasets")]
    public void What_cannot_be_meant_is_refused(string name, string value)
    {
        var refused = Assert.Throws<ProblemException>(() => Read(("ServiceUri", "https://data.blob.core.windows.net"), (name, value)));

        Assert.Equal("option-invalid", refused.Problem.Code);
        Assert.Contains("Blobs__", refused.Problem.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("c2VjcmV0", refused.Problem.Message, StringComparison.Ordinal);
    }

    private static BlobSettings Read(params (string Name, string Value)[] settings)
    {
        var values = new Dictionary<string, string?>(StringComparer.Ordinal);
        foreach (var (name, value) in settings)
        {
            values[$"Blobs:{name}"] = value;
        }

        return BlobSettings.From(new ConfigurationBuilder().AddInMemoryCollection(values).Build());
    }

    [Theory]
    [InlineData("https://unit.blob.core.windows.net/mine", "mine", false)]
    [InlineData("https://unit.blob.core.windows.net/datasets", "datasets", false)]
    [InlineData("http://127.0.0.1:10000/devstoreaccount1/store", "store", true)]
    public void A_containers_address_says_how_it_is_reached(string address, string container, bool emulator)
    {
        var settings = BlobSettings.At(new Uri(address));

        Assert.Equal((container, emulator, !emulator), (settings.Container, settings.ConnectionString is not null, settings.ServiceUri is not null));
        using var blobs = AzureBlobs.Connect(settings);
        Assert.Equal(address, $"{blobs.Address.AbsoluteUri.TrimEnd('/')}/{container}");
    }

    [Theory]
    [InlineData("https://unit.blob.core.windows.net/")]
    [InlineData("https://unit.blob.core.windows.net/a/b")]
    [InlineData("http://unit.blob.core.windows.net/store")]
    [InlineData("https://unit.blob.core.windows.net/store?sig=secret")]
    public void What_is_no_containers_address_is_refused(string address) => Assert.Equal("option-invalid", Assert.Throws<ProblemException>(() => BlobSettings.At(new Uri(address))).Problem.Code);
}
