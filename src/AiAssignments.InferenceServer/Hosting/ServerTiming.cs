using System.Globalization;
using AiAssignments.Inference.Serving;

namespace AiAssignments.InferenceServer.Hosting;

/// <summary>The <c>Server-Timing</c> header (W3C): milliseconds of waiting, tokenizing and inference.</summary>
internal static class ServerTiming
{
    public const string Header = "Server-Timing";

    public static string Of(ServeTiming timing) => string.Create(
        CultureInfo.InvariantCulture,
        $"queue;dur={timing.Queue.TotalMilliseconds:0.###}, tokenize;dur={timing.Tokenize.TotalMilliseconds:0.###}, inference;dur={timing.Inference.TotalMilliseconds:0.###}");
}
