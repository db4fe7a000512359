using AiAssignments.Azure.Blobs.Naming;
using AiAssignments.Azure.Blobs.Signing;
using AiAssignments.Core.Errors;
using AiAssignments.Core.Storage;
using Azure.Core;
using Azure.Identity;
using Azure.Storage.Blobs;

namespace AiAssignments.Azure.Blobs;

/// <summary>The containers of a storage account that the program works with. One for the process; its connections are shared and kept.</summary>
public sealed class AzureBlobs : IDisposable
{
    private readonly BlobServiceClient service;
    private readonly UrlSigner signer;
    private readonly BlobSettings settings;

    private AzureBlobs(BlobServiceClient service, UrlSigner signer, BlobSettings settings, TimeProvider time, BlobTuning tuning)
    {
        (this.service, this.signer, this.settings) = (service, signer, settings);
        Store = new AzureBlobStore(service.GetBlobContainerClient(settings.Container), signer, tuning, time);
        Datasets = Plain(settings.DatasetsContainer);
        Models = Plain(settings.ModelsContainer);
        Serving = Plain(settings.ServingContainer);
        Uploads = new SignedUploads(service.GetBlobContainerClient(settings.DatasetsContainer), signer, time);

        ContainerBlobs Plain(string container) => new(service.GetBlobContainerClient(container), PlainNames.Instance, tuning);
    }

    /// <summary>The pipeline's own blobs.</summary>
    public AzureBlobStore Store { get; }

    /// <summary>Dropped datasets, by the names that they were given. A name that cannot be addressed safely is not listed, and refused as <c>blob-path-invalid</c>.</summary>
    public IBlobStore Datasets { get; }

    /// <summary>Dropped models, by the names that they were given.</summary>
    public IBlobStore Models { get; }

    /// <summary>What the inference server serves: <c>NAME/NUMBER/…</c>, complete with its blob <c>.complete</c>.</summary>
    public IBlobStore Serving { get; }

    /// <summary>Signed addresses for direct uploads into <see cref="Datasets"/>.</summary>
    public SignedUploads Uploads { get; }

    /// <summary>Address of the account's blob service.</summary>
    public Uri Address => service.Uri;

    /// <summary>Whether this is an emulator.</summary>
    public bool IsEmulator => settings.ConnectionString is not null;

    /// <summary>Makes the clients. No request is made.</summary>
    /// <param name="settings">Where.</param>
    /// <param name="credential">Who asks, on Azure; <see cref="DefaultAzureCredential"/> when <c>null</c>. Not used with an emulator.</param>
    /// <param name="time">The clock by which addresses are signed; the system's when <c>null</c>.</param>
    /// <exception cref="ProblemException"><c>option-invalid</c>, among others for a connection string that has the key of a real account.</exception>
    public static AzureBlobs Connect(BlobSettings settings, TokenCredential? credential = null, TimeProvider? time = null) =>
        Connect(settings, credential, time ?? TimeProvider.System, new BlobTuning(), null);

    /// <summary>As <see cref="Connect(BlobSettings, TokenCredential?, TimeProvider?)"/>, for tests that look at the wire.</summary>
    internal static AzureBlobs Connect(BlobSettings settings, TokenCredential? credential, TimeProvider time, BlobTuning tuning, Action<BlobClientOptions>? adjust)
    {
        ArgumentNullException.ThrowIfNull(settings);
        settings.Check();
        var options = Options(settings.ConnectionString is not null);
        adjust?.Invoke(options);
        if (settings.ConnectionString is { } connection)
        {
            return new AzureBlobs(Emulator(connection, options), new EmulatorSigner(time), settings, time, tuning);
        }

        var service = new BlobServiceClient(settings.ServiceUri!, credential ?? new DefaultAzureCredential(), options);
        return new AzureBlobs(service, new DelegationSigner(service, time), settings, time, tuning);
    }

    /// <summary>On an emulator: makes the containers that are missing. On Azure nothing: the template makes them, and the program may not.</summary>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <exception cref="ProblemException"><c>storage-unreachable</c>: no emulator answers.</exception>
    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        if (!IsEmulator)
        {
            return;
        }

        try
        {
            foreach (var container in settings.Containers)
            {
                await BlobFaults.CallAsync(
                    container,
                    async () => await service.GetBlobContainerClient(container).CreateIfNotExistsAsync(cancellationToken: cancellationToken).ConfigureAwait(false),
                    cancellationToken).ConfigureAwait(false);
            }
        }
        catch (IOException error)
        {
            throw new ProblemException(new Problem("storage-unreachable", "No blob service answers here; start Azurite, or say where it is.", service.Uri.GetLeftPart(UriPartial.Path)), error);
        }
    }

    /// <inheritdoc />
    public void Dispose() => (signer as IDisposable)?.Dispose();

    private static BlobClientOptions Options(bool emulator)
    {
        var options = new BlobClientOptions();
        options.Diagnostics.ApplicationId = "ai-assignments";

        // Growing pauses with some chance in them: 0.5 s, 1 s, 2 s and so on, or as long as Retry-After says. An emulator on this machine is there or is not.
        options.Retry.Mode = RetryMode.Exponential;
        options.Retry.MaxRetries = emulator ? 3 : 6;
        options.Retry.Delay = TimeSpan.FromMilliseconds(emulator ? 200 : 500);
        options.Retry.MaxDelay = TimeSpan.FromSeconds(20);
        options.Retry.NetworkTimeout = TimeSpan.FromSeconds(100);
        return options;
    }

    private static BlobServiceClient Emulator(string connection, BlobClientOptions options)
    {
        BlobServiceClient service;
        try
        {
            service = new BlobServiceClient(connection, options);
        }
        catch (Exception error) when (error is FormatException or ArgumentException)
        {
            // Not quoted: it may hold a key.
            throw new ProblemException(new Problem("option-invalid", "The setting Blobs__ConnectionString cannot be read; for an emulator on this machine it is UseDevelopmentStorage=true."), error);
        }

        return service.AccountName == EmulatorAccount.Name
            ? service
            : throw new ProblemException("option-invalid", "The setting Blobs__ConnectionString is for emulators only; a real account is reached by its address in Blobs__ServiceUri and an identity, without a key.");
    }
}
