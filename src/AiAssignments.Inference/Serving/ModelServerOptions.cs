using AiAssignments.Inference.Runtime;

namespace AiAssignments.Inference.Serving;

/// <summary>How a <see cref="ModelServer"/> runs. Ranges are checked when the server is made.</summary>
public sealed record ModelServerOptions
{
    /// <summary>The defaults.</summary>
    public static ModelServerOptions Default { get; } = new();

    /// <summary>How ONNX Runtime is run. <see cref="RuntimeOptions.IntraOpThreads"/> are the threads of one batch; 0 (default): the physical cores shared out among the lanes.</summary>
    public RuntimeOptions Runtime { get; init; } = RuntimeOptions.Default;

    /// <summary>Batches that run side by side, over all models, 0..1,024. 0 (default): one a physical core; 1 on a GPU.</summary>
    public int Lanes { get; init; }

    /// <summary>Most ids of a batch of texts, padding included, 0..1,048,576. 0 (default): 256 on a CPU, where what stays in a core's cache wins; 16,384 on a GPU. A longer text is a batch of its own.</summary>
    public int TokensPerBatch { get; init; }

    /// <summary>Most rows of a batch of texts, 0..4,096. 0 (default): 64 on a CPU, 256 on a GPU.</summary>
    public int RowsPerBatch { get; init; }

    /// <summary>Most images of a batch, 0..4,096. 0 (default): 16 on a CPU, 64 on a GPU.</summary>
    public int ImagesPerBatch { get; init; }

    /// <summary>
    /// Most of a batch's ids that may be padding, 0..1; more than 0 also allows four ids, which cost less than a batch of their own. Null (default): 0.05 on
    /// a CPU, where texts of unlike length in one batch waste what batching gains; 0.2 on a GPU, which gains more by it.
    /// </summary>
    public double? MostPadding { get; init; }

    /// <summary>How long a batch that is not full waits for more rows, 0..1 s. Default 0: a batch is what gathered while the last one ran. Never a timeout.</summary>
    public TimeSpan MaxBatchDelay { get; init; } = TimeSpan.Zero;

    /// <summary>Most rows that wait for one model, 1..1,048,576; a request with more is <c>request-too-large</c>. Default 2,048.</summary>
    public int QueueRows { get; init; } = 2048;

    /// <summary>Most memory of decoded images that wait for one model, bytes, at least 1 MiB; it lowers <see cref="QueueRows"/> for large images. Default 256 MiB.</summary>
    public long QueueBytes { get; init; } = 256L << 20;

    /// <summary>A request's longest wait until its last row's inference begins, when it says none; above 0. Default 30 s.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Most memory of loaded models, bytes by estimate; 0 (default): 60 % of the memory that the machine or the container has.</summary>
    public long MemoryBytes { get; init; }

    /// <summary>Most UTF-16 characters of one text, 1..16,777,216. Default 1,048,576.</summary>
    public int MostTextLength { get; init; } = 1 << 20;

    /// <summary>Most bytes of one encoded image, 1..1 GiB. Default 32 MiB.</summary>
    public int MostImageBytes { get; init; } = 32 << 20;

    /// <summary>Most bytes of all inputs of one request (texts as UTF-16), 1..2^31-1. Default 64 MiB.</summary>
    public int MostRequestBytes { get; init; } = 64 << 20;

    /// <summary>Most bytes of all tensors of one answer, 1..2^31-1; a request for more is <c>request-too-large</c>. Default 256 MiB.</summary>
    public int MostAnswerBytes { get; init; } = 256 << 20;

    /// <summary>How long a name is taken to stand for the same version; then the source is asked again, beside the traffic. Default 5 s; above 0.</summary>
    public TimeSpan ActiveRefresh { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>After a failed load, how long requests get its problem without another attempt. Default 10 s.</summary>
    public TimeSpan FailedLoadPause { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>A trim unloads models that were not used for this long. Default 1 minute.</summary>
    public TimeSpan TrimIdleAfter { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Called by a trim, to have others who hold models in this process let go of idle ones. Default: nobody.</summary>
    public Action? Trimming { get; init; }

    /// <summary>Whether each class of batch shapes is run before a version is ready. Default <c>true</c>; <c>false</c> for a program that asks a few times and ends.</summary>
    public bool WarmUp { get; init; } = true;

    /// <summary>The clock. Default: the system's.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
