namespace AiAssignments.Optimization.Training;

/// <summary>Where training stands after an epoch.</summary>
/// <param name="Epoch">1-based.</param>
/// <param name="Epochs">Epochs at most.</param>
/// <param name="TrainingLoss">Mean loss a row over the epoch, dropout included.</param>
/// <param name="ValidationLoss">Mean loss a row of the validation examples; NaN when there are none.</param>
/// <param name="ValidationAccuracy">Share of the validation rows that are right; NaN when there are none.</param>
/// <param name="IsBest">The lowest validation loss so far.</param>
public sealed record TrainingProgress(int Epoch, int Epochs, double TrainingLoss, double ValidationLoss, double ValidationAccuracy, bool IsBest)
{
    /// <summary>Learning rate of the epoch's last step.</summary>
    public double LearningRate { get; init; }
}
