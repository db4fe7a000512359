using AiAssignments.Evaluation.Reports.Predictions;
using AiAssignments.Evaluation.Results;
using Parquet;

namespace AiAssignments.Evaluation.Reports;

/// <summary>
/// Predictions as Parquet, texts as they are. Columns: <c>record</c> int64, <c>where</c>, <c>input</c>, <c>truth</c> (nullable), <c>predicted</c>, <c>correct</c> (nullable bool), <c>confidence</c> float, <c>length</c> int32;
/// then <c>probabilities</c> list of float in the order of the file's metadata entry <c>labels</c> (a JSON array), or for a tagging <c>words</c>, <c>true_tags</c>, <c>predicted_tags</c> lists of strings; then <c>slice:NAME</c> for each slice column.
/// </summary>
public static class PredictionParquetWriter
{
    /// <summary>Writes rows as they come, a row group at a time: memory holds one group.</summary>
    /// <param name="rows">The rows, in dataset order.</param>
    /// <param name="columns">What the columns are.</param>
    /// <param name="output">Where to; left open. Need not seek.</param>
    /// <param name="cancellationToken">Stops the writing.</param>
    /// <returns>Number of rows written.</returns>
    public static async Task<long> WriteAsync(IAsyncEnumerable<PredictionRow> rows, PredictionColumns columns, Stream output, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(columns);
        ArgumentNullException.ThrowIfNull(output);
        var layout = new PredictionParquetLayout(columns);
        var writer = await ParquetWriter.CreateAsync(layout.Schema, output, new ParquetOptions { CompressionMethod = CompressionMethod.Snappy }, cancellationToken: cancellationToken).ConfigureAwait(false);
        await using (writer.ConfigureAwait(false))
        {
            writer.CustomMetadata = layout.Metadata();
            var group = new List<PredictionRow>();
            long count = 0;
            await foreach (var row in rows.WithCancellation(cancellationToken).ConfigureAwait(false))
            {
                group.Add(row);
                count++;
                if (group.Count >= layout.GroupRows)
                {
                    await layout.WriteGroupAsync(writer, group, cancellationToken).ConfigureAwait(false);
                    group.Clear();
                }
            }

            if (group.Count > 0 || count == 0)
            {
                await layout.WriteGroupAsync(writer, group, cancellationToken).ConfigureAwait(false);
            }

            return count;
        }
    }
}
