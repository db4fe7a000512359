using AiAssignments.Core.Errors;
using Microsoft.Extensions.Configuration;

namespace AiAssignments.Azure.Blobs;

/// <summary>Where blobs lie: the settings <c>Blobs__…</c> of the hosts (<c>docs/azure.md</c>).</summary>
public sealed record BlobSettings
{
    /// <summary>Name of the configuration section.</summary>
    public const string Section = "Blobs";

    /// <summary>Address of the account's blob service, <c>https://NAME.blob.core.windows.net</c>; reached with a token of Entra ID. <c>null</c> with an emulator.</summary>
    public Uri? ServiceUri { get; init; }

    /// <summary>Connection string of an emulator (Azurite), for example <c>UseDevelopmentStorage=true</c>; <c>null</c> on Azure. One with the key of a real account is refused.</summary>
    public string? ConnectionString { get; init; }

    /// <summary>Container that is the root of the blob store. Default: <c>store</c>.</summary>
    public string Container { get; init; } = "store";

    /// <summary>Container in which datasets are dropped. Default: <c>datasets</c>.</summary>
    public string DatasetsContainer { get; init; } = "datasets";

    /// <summary>Container in which models are dropped. Default: <c>models</c>.</summary>
    public string ModelsContainer { get; init; } = "models";

    /// <summary>Container of what the inference server serves. Default: <c>serving</c>.</summary>
    public string ServingContainer { get; init; } = "serving";

    /// <summary>The four containers.</summary>
    internal IReadOnlyList<string> Containers => [Container, DatasetsContainer, ModelsContainer, ServingContainer];

    /// <summary>Reads the section <see cref="Section"/>. What is absent has its default.</summary>
    /// <param name="configuration">Where the settings are.</param>
    /// <param name="emulator">Address of an emulator, for example <c>http://127.0.0.1:10000</c>, in place of what the settings say of the account; <c>null</c>: as the settings say.</param>
    /// <exception cref="ProblemException"><c>option-invalid</c>, naming the setting.</exception>
    public static BlobSettings From(IConfiguration configuration, Uri? emulator = null)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var section = configuration.GetSection(Section);
        var usual = new BlobSettings();
        var settings = new BlobSettings
        {
            ServiceUri = emulator is null ? ReadUri(section[nameof(ServiceUri)]) : null,
            ConnectionString = emulator is not null ? ConnectionOf(emulator) : section[nameof(ConnectionString)] is { Length: > 0 } connection ? connection : null,
            Container = Text(nameof(Container), usual.Container),
            DatasetsContainer = Text(nameof(DatasetsContainer), usual.DatasetsContainer),
            ModelsContainer = Text(nameof(ModelsContainer), usual.ModelsContainer),
            ServingContainer = Text(nameof(ServingContainer), usual.ServingContainer),
        };
        settings.Check();
        return settings;

        string Text(string name, string otherwise) => section[name] is { Length: > 0 } given ? given : otherwise;
    }

    /// <summary>Settings that reach one container as the root of the blob store: with the emulator's account, which stands in the path, by its key, and else with a token of Entra ID.</summary>
    /// <param name="container">Address of the container, without anything that signs it.</param>
    /// <exception cref="ProblemException"><c>option-invalid</c>: it is no such address.</exception>
    public static BlobSettings At(Uri container)
    {
        ArgumentNullException.ThrowIfNull(container);
        var path = container.AbsolutePath.Trim('/').Split('/');
        var emulator = path is [EmulatorAccount.Name, _];
        var name = path[^1];
        var settings = new BlobSettings
        {
            ServiceUri = emulator ? null : new Uri(container.GetLeftPart(UriPartial.Authority)),
            ConnectionString = emulator ? ConnectionOf(container) : null,
            Container = path.Length == (emulator ? 2 : 1) && container.Query.Length == 0 ? name : throw Invalid(nameof(Container), "must be like https://NAME.blob.core.windows.net/CONTAINER"),

            // Not worked with, and checked to be others.
            DatasetsContainer = name == "datasets" ? "drops" : "datasets",
            ModelsContainer = name == "models" ? "drops" : "models",
            ServingContainer = name == "serving" ? "drops" : "serving",
        };
        settings.Check();
        return settings;
    }

    /// <summary>Refuses what cannot be meant.</summary>
    /// <exception cref="ProblemException"><c>option-invalid</c>.</exception>
    internal void Check()
    {
        if ((ServiceUri is null) == (ConnectionString is null))
        {
            throw Invalid(nameof(ServiceUri), "is needed on Azure, and Blobs__ConnectionString with an emulator: one of the two");
        }

        if (ServiceUri is { } uri && (uri.Scheme != Uri.UriSchemeHttps || uri.AbsolutePath != "/" || uri.Query.Length > 0 || uri.UserInfo.Length > 0))
        {
            // Not quoted: whoever pastes a signed address here has a secret in it.
            throw Invalid(nameof(ServiceUri), "must be like https://NAME.blob.core.windows.net, without path, query or user");
        }

        foreach (var container in Containers)
        {
            // learn.microsoft.com, "Naming and Referencing Containers, Blobs, and Metadata".
            if (container.Length is < 3 or > 63 || container.Contains("--", StringComparison.Ordinal) || container.StartsWith('-') || container.EndsWith('-')
                || container.Any(c => !char.IsAsciiLetterLower(c) && !char.IsAsciiDigit(c) && c != '-'))
            {
                throw Invalid(nameof(Container), $"names the container '{(container.Length > 80 ? container[..80] : container)}'; it must have 3 to 63 lower-case letters, digits and single hyphens");
            }
        }

        if (Containers.Distinct(StringComparer.Ordinal).Count() < Containers.Count)
        {
            throw Invalid(nameof(Container), "names one container twice; the four must be different ones");
        }
    }

    private static string ConnectionOf(Uri emulator) =>
        $"DefaultEndpointsProtocol={emulator.Scheme};AccountName={EmulatorAccount.Name};AccountKey={EmulatorAccount.Key};BlobEndpoint={emulator.GetLeftPart(UriPartial.Authority)}/{EmulatorAccount.Name};";

    private static Uri? ReadUri(string? text) => text switch
    {
        null or "" => null,
        _ when Uri.TryCreate(text, UriKind.Absolute, out var uri) => uri,
        _ => throw Invalid(nameof(ServiceUri), "must be like https://NAME.blob.core.windows.net"),
    };

    private static ProblemException Invalid(string name, string why) => new("option-invalid", $"The setting {Section}__{name} {why}.");
}
