using System.Globalization;
using AiAssignments.Core.Errors;
using AiAssignments.Optimization.Graphs;
using AiAssignments.Optimization.Passes;
using AiAssignments.Optimization.Quantization;

namespace AiAssignments.Optimization.Pruning.Structured;

/// <summary>
/// Takes whole units out of the graph, so that it is really smaller: output channels of convolutions (Li et al. 2017, 'Pruning Filters for Efficient ConvNets'), rows
/// of feed-forward parts, and attention heads (Michel et al. 2019, 'Are Sixteen Heads Really Better than One?'). A unit leaves everywhere at once: in the weights that
/// make it, in biases and normalizations on its way, in shapes that count it, and in the weights that take it; the outputs are those of the old graph with the unit's
/// inputs to these last weights set to zero. Channels that residual sums add up leave together or not at all.
/// <para>
/// Units leave by the norm of their weights: of channels, the filters that make them; of rows and heads, these and the weights that take them. Michel et al.
/// measure heads by their gradients on data instead, which a pass over the graph alone has not. Of equal ones, the first leave.
/// </para>
/// </summary>
public sealed class StructuredPruningPass : IGraphPass, IInPlacePass
{
    private readonly StructuredPruningOptions options;

    /// <summary>Makes the pass.</summary>
    /// <param name="options">How it prunes; <c>null</c> for the defaults.</param>
    public StructuredPruningPass(StructuredPruningOptions? options = null) => this.options = options ?? new();

    /// <inheritdoc />
    public string Name => $"prune:structured-{PruningLimits.Text(options.Amount)}{(options.ChannelMultiple == 1 ? string.Empty : string.Create(CultureInfo.InvariantCulture, $"-by-{options.ChannelMultiple}"))}";

    /// <inheritdoc />
    /// <exception cref="ProblemException">
    /// As <see cref="GraphPassRunner.RunAsync"/>, and <c>already-quantized</c>, <c>opset-too-old</c>, <c>unknown-node</c>, <c>pruning-option</c>, <c>nothing-to-prune</c>.
    /// </exception>
    public Task<PassResult> RunAsync(string sourceOnnx, string targetOnnx, IProgress<PassProgress>? progress, CancellationToken cancellationToken) =>
        GraphPassRunner.RunAsync(sourceOnnx, targetOnnx, (model, report, work, stop) => ((IInPlacePass)this).ChangeAsync(model, report, work, progress, stop), cancellationToken);

    Task IInPlacePass.ChangeAsync(OnnxModel model, PassReport report, string workFolder, IProgress<PassProgress>? progress, CancellationToken cancellationToken)
    {
        PruningLimits.CheckAmount(options.Amount);
        if (options.ChannelMultiple is < 1 or > 1024)
        {
            throw new ProblemException("pruning-option", string.Create(CultureInfo.InvariantCulture, $"The multiple of channels is {options.ChannelMultiple}; it must be 1 to 1024."));
        }

        QuantizationSteps.Prepare(model, options.Nodes, report);
        var before = QuantizationSteps.FloatsLeft(model.Proto);
        var shapes = ValueShapes.Of(model);
        var groups = UnitGroups.Find(model, shapes, options, report, cancellationToken);
        PrunableWeights.RefuseNone(groups.Count, "channels, rows or heads", report);
        var rewrite = new StructuredRewrite(model, shapes);
        var importance = new UnitImportance(model, options.Norm);
        var removals = new List<UnitRemoval>();
        foreach (var (done, group) in groups.Index())
        {
            cancellationToken.ThrowIfCancellationRequested();
            progress?.Report(new PassProgress("choose units", done, groups.Count));
            var share = Share(group);
            if (importance.Of(group) is not { } scores)
            {
                report.Left(group.Label, "its weights hold a NaN or an infinity");
                continue;
            }

            var gone = scores.Index().OrderBy(item => item.Item).ThenBy(item => item.Index).Take(share).Select(item => item.Index).ToHashSet();
            removals.Add(new UnitRemoval(group, share));
            if (share > 0)
            {
                rewrite.Remove(group, [.. Enumerable.Range(0, group.Units).Where(unit => !gone.Contains(unit))]);
            }
        }

        PrunableWeights.RefuseNone(removals.Sum(removal => removal.Removed), $"group of which {PruningLimits.Text(options.Amount)} is at least one unit", report);
        progress?.Report(new PassProgress("rewrite", 0, 0));
        rewrite.Apply(cancellationToken);
        UnusedConstants.Remove(model.Proto);
        Report(removals, before, QuantizationSteps.FloatsLeft(model.Proto), report);
        return Task.CompletedTask;
    }

    private int Share(UnitGroup group)
    {
        var share = (int)Math.Min(PruningLimits.Share(options.Amount, group.Units), group.Units - 1);
        if (group.Kind != UnitKind.Channel || options.ChannelMultiple == 1)
        {
            return share;
        }

        var blocks = Math.Max((int)Math.Round((double)(group.Units - share) / options.ChannelMultiple), 1);
        return Math.Max(group.Units - (int)Math.Min((long)blocks * options.ChannelMultiple, group.Units), 0);
    }

    private void Report(List<UnitRemoval> removals, long before, long after, PassReport report)
    {
        var (units, removed) = (removals.Sum(removal => (long)removal.Group.Units), removals.Sum(removal => (long)removal.Removed));
        report.Fact(PassFact.Of("sparsity-asked", options.Amount));
        report.Fact(PassFact.Of("sparsity-found", Math.Round((double)removed / units, 6)));
        foreach (var kind in Enum.GetValues<UnitKind>())
        {
            var word = kind.ToString().ToLowerInvariant();
            var own = removals.Where(removal => removal.Group.Kind == kind).ToList();
            report.Fact(PassFact.Of($"{word}s-removed", own.Sum(removal => removal.Removed), string.Create(CultureInfo.InvariantCulture, $"of {own.Sum(removal => removal.Group.Units)} {word}s")));
        }

        report.Fact(PassFact.Of("parameters-before", before, "weights"));
        report.Fact(PassFact.Of("parameters-after", after, "weights"));
        report.Fact(PassFact.Of("parameters-ratio", Math.Round((double)after / before, 4)));
        report.Fact(PassFact.Of("nodes-left-alone", report.LeftCount, "nodes"));
        foreach (var removal in removals)
        {
            var word = removal.Group.Kind.ToString().ToLowerInvariant();
            var unit = string.Create(CultureInfo.InvariantCulture, $"of {removal.Group.Units} {word}s");
            report.Fact(PassFact.Of($"{word}s-asked:{removal.Group.Label}", PruningLimits.Share(options.Amount, removal.Group.Units), unit));
            report.Fact(PassFact.Of($"{word}s-removed:{removal.Group.Label}", removal.Removed, unit));
        }

        report.Note("Channels, rows and heads left the graph, which is smaller and does less arithmetic. Kernels compute channels in blocks (of 8 or 16): where those that stay do not fill them, there is no gain and can be a loss.");
        if (removals.Any(removal => removal.Removed == 0))
        {
            report.Note("Groups of so few units that the amount rounds to none, or that have only one, stayed whole.");
        }
    }

    private sealed record UnitRemoval(UnitGroup Group, int Removed);
}
