namespace AiAssignments.Optimization.Distillation;

/// <summary>An epoch of a learning curve.</summary>
/// <param name="Epoch">1-based.</param>
/// <param name="TrainingLoss">Mean loss a row over the epoch, dropout included.</param>
/// <param name="ValidationLoss">Mean loss a row of the validation records.</param>
/// <param name="ValidationAccuracy">Share of right rows of the validation records, 0 to 1; a record without label counts as right where the student says what the teacher says.</param>
/// <param name="LearningRate">Learning rate of its last step.</param>
public sealed record LearningCurvePoint(int Epoch, double TrainingLoss, double ValidationLoss, double ValidationAccuracy, double LearningRate);
