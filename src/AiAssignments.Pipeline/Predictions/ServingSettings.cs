using System.Globalization;
using AiAssignments.Core.Errors;
using AiAssignments.Inference.Serving;

namespace AiAssignments.Pipeline.Predictions;

/// <summary>
/// How batches are made and what may wait, as a host's settings say; <see cref="ModelServerOptions"/>'s defaults otherwise: <c>memory</c> MiB of all loaded models, 16 to 16,777,216;
/// <c>lanes</c> batches side by side, 1 to 1,024; <c>batch-rows</c>, 1 to 4,096; <c>batch-tokens</c> padded ids, 1 to 1,048,576; <c>batch-delay</c> milliseconds that a batch waits to fill,
/// 0 to 1,000; <c>queue-rows</c> rows that may wait for one model, 1 to 1,048,576; <c>timeout</c> seconds that a request waits that says none, 1 to 86,400.
/// </summary>
public static class ServingSettings
{
    /// <summary>Reads and checks the settings.</summary>
    /// <param name="setting">A setting's text by its name, for example <c>batch-rows</c>; <c>null</c> when it is not given.</param>
    /// <exception cref="ProblemException"><c>option-invalid</c>: names the setting and what is allowed.</exception>
    public static ModelServerOptions Read(Func<string, string?> setting)
    {
        ArgumentNullException.ThrowIfNull(setting);
        var usual = ModelServerOptions.Default;
        return usual with
        {
            MemoryBytes = (long)Number(setting, "memory", 0, 16, 1 << 24) << 20,
            Lanes = Number(setting, "lanes", usual.Lanes, 1, 1024),
            RowsPerBatch = Number(setting, "batch-rows", usual.RowsPerBatch, 1, 4096),
            TokensPerBatch = Number(setting, "batch-tokens", usual.TokensPerBatch, 1, 1 << 20),
            MaxBatchDelay = TimeSpan.FromMilliseconds(Number(setting, "batch-delay", 0, 0, 1000)),
            QueueRows = Number(setting, "queue-rows", usual.QueueRows, 1, 1 << 20),
            Timeout = TimeSpan.FromSeconds(Number(setting, "timeout", (int)usual.Timeout.TotalSeconds, 1, 86_400)),
        };
    }

    /// <summary>A whole number of the settings.</summary>
    /// <param name="setting">As for <see cref="Read"/>.</param>
    /// <param name="name">Its name.</param>
    /// <param name="usual">What it is when it is not given.</param>
    /// <param name="least">Least that is allowed.</param>
    /// <param name="most">Most that is allowed.</param>
    /// <exception cref="ProblemException"><c>option-invalid</c>.</exception>
    public static int Number(Func<string, string?> setting, string name, int usual, int least, int most)
    {
        ArgumentNullException.ThrowIfNull(setting);
        return setting(name) is not { } text ? usual
            : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most ? number
            : throw new ProblemException("option-invalid", $"--{name} is '{text}'; it must be a whole number from {least} to {most}.");
    }
}
