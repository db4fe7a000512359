using AiAssignments.Core.Errors;

namespace AiAssignments.Local.Hosting;

/// <summary>The options that the local host takes: what <c>--help</c> shows, and what a mistyped one is held against.</summary>
internal static class LocalUsage
{
    private static readonly (string Name, string Is)[] Options =
    [
        ("data FOLDER", "data folder (aia-data)"),
        ("urls URL;URL", "where to listen (http://127.0.0.1:7071)"),
        ("http2-url URL", "where to speak HTTP/2 without TLS, beside"),
        ("samples true|false", "whether a new data folder gets the sample datasets (true)"),
        ("storage WHERE", "folder, azurite, azurite:URL or azure (folder)"),
        ("redis HOST:PORT", "second level of the caches (none)"),
        ("prediction-ttl SECONDS", "how long a prediction is kept (3600)"),
        ("query-ttl SECONDS", "how long a list is kept (300)"),
        ("memory MIB", "of all loaded models (60 % of the machine's)"),
        ("lanes N", "batches side by side (one a core)"),
        ("batch-rows N", "most texts of a batch (64)"),
        ("batch-tokens N", "most padded ids of a batch (256)"),
        ("batch-delay MS", "how long a batch waits to fill (0)"),
        ("queue-rows N", "rows that may wait for one model"),
        ("timeout SECONDS", "how long a prediction waits that says no time"),
        ("device cpu|cuda", "what models run on (cpu)"),
        ("device-id N", "which GPU (0)"),
        ("inference-servers URL,URL", "servers that answer for the models they have (none)"),
        ("hedge-after MS|auto", "ask a second server when the first is slow; auto: than 95 % of its answers (off)"),
        ("profile-memory true|false", "measure the memory of every activity (false)"),
        ("end-with-input true|false", "end when standard input does, as of a process that started this one (false)"),
        ("auth keys,jwt|none", "who gets in (none on this machine's own addresses)"),
        ("jwt-issuer URL", "who signs the tokens"),
        ("jwt-audience TEXT", "whom they are for"),
        ("jwt-metadata URL", "where the issuer's keys are found"),
        ("jwt-keys FILE", "or the keys themselves"),
        ("jwt-clock-skew SECONDS", "how far clocks may differ"),
        ("jwt-read-roles A,B", "roles that may read"),
        ("jwt-write-roles A,B", "roles that may write"),
        ("jwt-admin-roles A,B", "roles that may do everything"),
        ("rate-limit PER_SECOND[/BURST]|off", "of a caller"),
        ("anonymous-rate-limit PER_SECOND[/BURST]|off", "of an address without a credential"),
        ("local-rate-limit PER_SECOND[/BURST]|off", "of this machine, where no credential is asked for"),
        ("cors-origins URL,URL", "pages of other origins (none)"),
    ];

    /// <summary>Whether help is asked for.</summary>
    public static bool IsAsked(string[] args) => args.Any(static arg => arg is "--help" or "-h" or "-?" or "/?");

    /// <summary>Help.</summary>
    public static string Text { get; } = string.Join(
        Environment.NewLine,
        Options.Select(static option => $"  --{option.Name,-44} {option.Is}")
            .Prepend("Serves and evaluates until stopped. Options, also as environment variables AIA_NAME:")
            .Append("  --Kestrel:…, --Blobs:…                         settings with a section: TLS certificates, containers (docs/azure.md)")
            .Append("  --OTEL_EXPORTER_OTLP_ENDPOINT URL, …            settings of the environment"));

    private static bool IsOption(string name) => Options.Any(option => option.Name.Split(' ')[0] == name);

    // With a section, or as the environment writes it (OTEL_EXPORTER_OTLP_ENDPOINT).
    private static bool IsSetting(string name) => name.Contains(':', StringComparison.Ordinal) || (name.Length > 0 && name.All(static letter => letter is (>= 'A' and <= 'Z') or (>= '0' and <= '9') or '_'));

    /// <summary>Refuses what is no option: a mistyped one would be left unheard.</summary>
    /// <exception cref="ProblemException"><c>option-unknown</c>.</exception>
    public static void Check(string[] args)
    {
        for (var i = 0; i < args.Length; i++)
        {
            var name = args[i].Split('=')[0];
            if (!name.StartsWith("--", StringComparison.Ordinal) || !(IsOption(name[2..]) || IsSetting(name[2..])))
            {
                throw new ProblemException("option-unknown", $"'{args[i]}' is no option; --help shows them.");
            }

            // The value, unless it stands behind an equals sign.
            if (name == args[i] && (++i == args.Length || args[i].StartsWith("--", StringComparison.Ordinal)))
            {
                throw new ProblemException("option-invalid", $"{name} has no value; --help shows what it takes.");
            }
        }
    }
}
