using AiAssignments.Optimization.Distillation;

namespace AiAssignments.Tests.Distillation;

public class ValidationSplitTests
{
    private static readonly int[] Records = [.. Enumerable.Range(0, 1000).Where(i => i % 7 != 0)];

    [Fact]
    public void It_has_the_same_share_of_each_label()
    {
        var split = ValidationSplit.Draw(Records, Stratum, 0.2, 1);

        foreach (var group in Records.GroupBy(Stratum))
        {
            Assert.InRange(split.Validation.Count(record => Stratum(record) == group.Key) - (group.Count() * 0.2), -1, 1);
        }

        Assert.InRange(split.Validation.Length - (Records.Length * 0.2), -1, 1);
    }

    [Fact]
    public void Both_parts_together_are_all_and_share_nothing()
    {
        var split = ValidationSplit.Draw(Records, Stratum, 0.1, 3);

        Assert.Equal(Records, split.Training.Concat(split.Validation).Order());
        Assert.Equal(split.Training.Order(), split.Training);
        Assert.Equal(split.Validation.Order(), split.Validation);
    }

    [Fact]
    public void A_seed_gives_one_split_and_another_another()
    {
        Assert.Equal(ValidationSplit.Draw(Records, Stratum, 0.1, 3).Validation, ValidationSplit.Draw(Records, Stratum, 0.1, 3).Validation);
        Assert.NotEqual(ValidationSplit.Draw(Records, Stratum, 0.1, 3).Validation, ValidationSplit.Draw(Records, Stratum, 0.1, 4).Validation);
    }

    [Fact]
    public void Many_labels_of_one_record_each_still_give_their_share()
    {
        var split = ValidationSplit.Draw([.. Enumerable.Range(0, 100)], record => record, 0.1, 1);

        Assert.Equal(10, split.Validation.Length);
    }

    // Rare, common, and without a label.
    private static int Stratum(int record) => record % 20 == 1 ? 0 : record % 3 == 0 ? -1 : 1;
}
