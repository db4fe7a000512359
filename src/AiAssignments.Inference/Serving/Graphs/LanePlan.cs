using AiAssignments.Inference.Runtime;

namespace AiAssignments.Inference.Serving.Graphs;

/// <summary>How the cores are shared out, with what is automatic worked out.</summary>
/// <param name="Lanes">Batches side by side.</param>
/// <param name="Runtime">How a batch is run.</param>
/// <param name="TokensPerBatch">Most padded ids of a batch.</param>
/// <param name="RowsPerBatch">Most texts of a batch.</param>
/// <param name="ImagesPerBatch">Most images of a batch.</param>
/// <param name="MostPadding">Most of a batch's ids that may be padding, 0..1.</param>
internal sealed record LanePlan(int Lanes, RuntimeOptions Runtime, int TokensPerBatch, int RowsPerBatch, int ImagesPerBatch, double MostPadding)
{
    public static LanePlan Of(ModelServerOptions options)
    {
        var gpu = options.Runtime.Device == "cuda";
        var lanes = options.Lanes != 0 ? options.Lanes : gpu ? 1 : Cores.Physical;
        var threads = options.Runtime.IntraOpThreads != 0 ? options.Runtime.IntraOpThreads : Math.Max(1, Cores.Physical / lanes);
        return new(
            lanes,
            options.Runtime with { IntraOpThreads = threads },
            Said(options.TokensPerBatch, gpu ? 16_384 : 256),
            Said(options.RowsPerBatch, gpu ? 256 : 64),
            Said(options.ImagesPerBatch, gpu ? 64 : 16),
            options.MostPadding ?? (gpu ? 0.2 : 0.05));
    }

    private static int Said(int value, int otherwise) => value == 0 ? otherwise : value;
}
