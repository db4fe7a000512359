using System.Globalization;
using AiAssignments.Core.Models;
using static AiAssignments.Optimization.Distillation.DistillationOptions;

namespace AiAssignments.Optimization.Distillation.Students;

/// <summary>What a student's sizes may be: looked at before anything is allocated for it. The tokenizer has bounds of its own.</summary>
internal static class StudentBounds
{
    private const int MostBuckets = 1 << 24;
    private const long MostNumbers = 1L << 28;

    public static void Check(DistillationOptions options)
    {
        var text = options.Text;
        Need(text.Buckets is >= 2 and <= MostBuckets, "Text.Buckets", text.Buckets, "2 to 2^24");
        Need(text.Dimensions is >= 1 and <= 1024 && (long)text.Buckets * text.Dimensions <= MostNumbers, "Text.Dimensions", text.Dimensions, "1 to 1024, and buckets x dimensions up to 2^28");
        Need(text.Hidden is >= 0 and <= 4096, "Text.Hidden", text.Hidden, "0 to 4096");
        Need(text.MaxLength is >= 1 and <= 1 << 20, "Text.MaxLength", text.MaxLength, "1 to 1048576");
        Share(text.IdDropout, "Text.IdDropout");
        Share(text.Dropout, "Text.Dropout");

        var tagging = options.Tagging;
        Need(tagging.Buckets is >= 2 and <= MostBuckets, "Tagging.Buckets", tagging.Buckets, "2 to 2^24");
        Need(tagging.IdsPerWord is >= 1 and <= 64, "Tagging.IdsPerWord", tagging.IdsPerWord, "1 to 64");
        Need(
            tagging.Dimensions is >= 1 and <= 1024 && (long)tagging.Buckets * tagging.Dimensions <= MostNumbers,
            "Tagging.Dimensions",
            tagging.Dimensions,
            "1 to 1024, and buckets x dimensions up to 2^28");
        Need(tagging.WindowWords is >= 1 and <= 31 && tagging.WindowWords % 2 == 1, "Tagging.WindowWords", tagging.WindowWords, "an odd number, 1 to 31");
        Need(tagging.Hidden is >= 1 and <= 4096, "Tagging.Hidden", tagging.Hidden, "1 to 4096");
        Need(tagging.MaxWords is >= 1 and <= 1 << 14, "Tagging.MaxWords", tagging.MaxWords, "1 to 16384");
        Share(tagging.IdDropout, "Tagging.IdDropout");
        Share(tagging.Dropout, "Tagging.Dropout");

        var image = options.Image;
        Need(image.Width is null or (>= 4 and <= 256), "Image.Width", image.Width ?? 0, "4 to 256");
        Need(image.Height is null or (>= 4 and <= 256), "Image.Height", image.Height ?? 0, "4 to 256");
        Need(image.Stages.Count is >= 1 and <= 6, "Image.Stages", image.Stages.Count, "1 to 6 stages");
        foreach (var stage in image.Stages)
        {
            Need(stage.Filters is >= 1 and <= 1024, "Image.Stages.Filters", stage.Filters, "1 to 1024");
            Need(stage.Residual is >= 0 and <= 8, "Image.Stages.Residual", stage.Residual, "0 to 8");
        }

        Need(image.Copies is >= 1 and <= 64, "Image.Copies", image.Copies, "1 to 64");
        Need(image.Shift is >= 0 and <= 0.5, "Image.Shift", image.Shift, "0 to 0.5");
        Share(image.Dropout, "Image.Dropout");
    }

    /// <summary>A student in a word, for its lineage.</summary>
    public static string Describe(DistillationOptions options, ModelTask task) => task switch
    {
        ModelTask.TextClassification => string.Create(CultureInfo.InvariantCulture, $"hashed-ngrams-{options.Text.Buckets}x{options.Text.Dimensions}"),
        ModelTask.TokenClassification => string.Create(CultureInfo.InvariantCulture, $"hashed-words-{options.Tagging.Buckets}x{options.Tagging.Dimensions}"),
        _ => "convolutions-" + string.Join('-', options.Image.Stages.SelectMany(stage => Enumerable.Repeat(stage.Filters, 1 + stage.Residual))),
    };

    private static void Share(double value, string name) => Need(value is >= 0 and < 1, name, value, "0 to less than 1");
}
