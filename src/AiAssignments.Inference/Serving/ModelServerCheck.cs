using System.Globalization;
using AiAssignments.Core.Errors;
using AiAssignments.Inference.Runtime;

namespace AiAssignments.Inference.Serving;

/// <summary>Refuses options that are out of range, by name.</summary>
internal static class ModelServerCheck
{
    public static void Check(ModelServerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        InferenceSessionFactory.Check(options.Runtime);
        Number(options.Lanes, 0, 1024, nameof(options.Lanes));
        Number(options.TokensPerBatch, 0, 1 << 20, nameof(options.TokensPerBatch));
        Number(options.RowsPerBatch, 0, 4096, nameof(options.RowsPerBatch));
        Number(options.ImagesPerBatch, 0, 4096, nameof(options.ImagesPerBatch));
        Number(options.QueueRows, 1, 1 << 20, nameof(options.QueueRows));
        Number(options.QueueBytes, 1 << 20, long.MaxValue, nameof(options.QueueBytes));
        Number(options.MemoryBytes, 0, long.MaxValue, nameof(options.MemoryBytes));
        Number(options.MostTextLength, 1, 1 << 24, nameof(options.MostTextLength));
        Number(options.MostImageBytes, 1, 1 << 30, nameof(options.MostImageBytes));
        Number(options.MostRequestBytes, 1, int.MaxValue, nameof(options.MostRequestBytes));
        Number(options.MostAnswerBytes, 1, int.MaxValue, nameof(options.MostAnswerBytes));
        if (options.MostPadding is { } padding and not (>= 0 and <= 1))
        {
            throw Wrong(nameof(options.MostPadding), padding, 0, 1);
        }

        Span(options.MaxBatchDelay, TimeSpan.Zero, TimeSpan.FromSeconds(1), nameof(options.MaxBatchDelay));
        Span(options.Timeout, TimeSpan.FromTicks(1), TimeSpan.FromDays(1), nameof(options.Timeout));
        Span(options.ActiveRefresh, TimeSpan.FromTicks(1), TimeSpan.FromDays(1), nameof(options.ActiveRefresh));
        Span(options.FailedLoadPause, TimeSpan.Zero, TimeSpan.FromDays(1), nameof(options.FailedLoadPause));
        Span(options.TrimIdleAfter, TimeSpan.Zero, TimeSpan.FromDays(365), nameof(options.TrimIdleAfter));
    }

    private static void Number(long value, long least, long most, string name)
    {
        if (value < least || value > most)
        {
            throw Wrong(name, value, least, most);
        }
    }

    private static void Span(TimeSpan value, TimeSpan least, TimeSpan most, string name)
    {
        if (value < least || value > most)
        {
            throw Wrong(name, value, least, most);
        }
    }

    private static ProblemException Wrong(string name, object value, object least, object most) =>
        new("runtime-option", string.Create(CultureInfo.InvariantCulture, $"{name} is {value}; use {least} to {most}."));
}
