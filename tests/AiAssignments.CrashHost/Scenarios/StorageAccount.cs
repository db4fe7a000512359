using System.Security.Cryptography;
using System.Text;
using AiAssignments.Azure.Blobs;
using AiAssignments.Embedded;
using Azure.Core;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Microsoft.Extensions.Configuration;

namespace AiAssignments.CrashHost.Scenarios;

/// <summary>An emulator's containers as the place of the blobs.</summary>
internal sealed class StorageAccount : IDisposable
{
    private readonly BlobSettings settings;
    private readonly AzureBlobs azure;

    private StorageAccount(BlobSettings settings, AzureBlobs azure) => (this.settings, this.azure) = (settings, azure);

    public OutsideBlobs Blobs => new(azure.Store, $"{azure.Address}/{settings.Container}", path => azure.Store.AddressOf(path).AbsoluteUri,
        async (installation, holder, cancellationToken) =>
        {
            var lease = await azure.Store.ClaimAsync(installation, holder, cancellationToken);
            return new OutsideHold(lease.DisposeAsync, lease.Lost);
        });

    /// <summary>Opens it; every request counts, and the appointed one ends the process.</summary>
    public static async Task<StorageAccount> OpenAsync(string address, string prefix, KillingStream.Counter counter, bool before, CancellationToken cancellationToken)
    {
        string[] containers = ["Container", "DatasetsContainer", "ModelsContainer", "ServingContainer"];
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(containers.ToDictionary(one => $"Blobs:{one}", string? (one) => prefix + one.Replace("Container", string.Empty, StringComparison.Ordinal).ToLowerInvariant() + "s"));
        var settings = BlobSettings.From(configuration.Build(), new Uri(address));
        var azure = AzureBlobs.Connect(settings, null, TimeProvider.System, new BlobTuning(), options => options.AddPolicy(new KillingPolicy(counter, before), HttpPipelinePosition.PerCall));
        await azure.PrepareAsync(cancellationToken);
        return new StorageAccount(settings, azure);
    }

    /// <summary>Over the names of all blobs, whoever made them, and of what is staged and was never committed for one that is not there.</summary>
    public async Task<string> LeftoversAsync(CancellationToken cancellationToken)
    {
        var container = new BlobServiceClient(settings.ConnectionString).GetBlobContainerClient(settings.Container);
        var names = new List<string>();
        await foreach (var blob in container.GetBlobsAsync(new GetBlobsOptions(), cancellationToken))
        {
            names.Add(blob.Name);
        }

        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', names.Order(StringComparer.Ordinal)))));
    }

    public void Dispose() => azure.Dispose();
}
