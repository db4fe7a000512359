using System.Reflection;
using Xunit.Sdk;

namespace AiAssignments.IntegrationTests.Azure;

/// <summary>
/// The cases of a contract's test class, to be run one by one where they may have to be skipped: a class that derives from the contract could not say so.
/// </summary>
internal static class ContractCases
{
    /// <summary>Names of all cases: the method, and the number of its data row.</summary>
    public static IEnumerable<object[]> Of(Type contract) =>
        from method in contract.GetMethods()
        where method.GetCustomAttribute<FactAttribute>() is not null
        from row in Enumerable.Range(0, Math.Max(1, method.GetCustomAttributes<DataAttribute>().Count()))
        select new object[] { $"{method.Name} {row}" };

    /// <summary>Runs one.</summary>
    public static async Task RunAsync(object instance, string name)
    {
        var (methodName, row) = name.Split(' ') is [var left, var right] ? (left, int.Parse(right, System.Globalization.CultureInfo.InvariantCulture)) : throw new ArgumentException(name);
        var method = instance.GetType().GetMethod(methodName)!;
        var data = method.GetCustomAttributes<DataAttribute>(inherit: true).ElementAtOrDefault(row);
        try
        {
            if (method.Invoke(instance, data?.GetData(method).Single()) is Task task)
            {
                await task;
            }
        }
        catch (TargetInvocationException error) when (error.InnerException is { } inner)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(inner);
        }
    }
}
