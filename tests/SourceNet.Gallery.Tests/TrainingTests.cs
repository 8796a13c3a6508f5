using System.Runtime.InteropServices;
using SourceNet.Tests;
using TorchSharp;
using static TorchSharp.torch;

namespace SourceNet.Gallery;

/// <summary>Optimizers, types, summaries: what a program does with a model besides calling it.</summary>
public class TrainingTests
{
    public static TheoryData<string> Names => Specimens.Names();

    public static TheoryData<string> Learning => Specimens.NamesWhere(specimen => specimen.Learns);

    [Theory, MemberData(nameof(Names))]
    public void Every_parameter_is_in_one_group(string name)
    {
        using var model = Specimens.Of(name).Model();
        var grouped = model.ParameterGroups().SelectMany(group => group.Parameters);

        Assert.Equal(model.parameters().Select(Address).Order(), grouped.Select(Address).Order());

        // TorchSharp wraps an embedding's weight anew each time it is asked for it.
        static long Address(Tensor parameter) => parameter.storage<float>().data_ptr();
    }

    [Theory, MemberData(nameof(Learning))]
    public void Learns_a_batch_by_heart(string name)
    {
        var specimen = Specimens.Of(name);
        using var scope = NewDisposeScope();
        manual_seed(5);
        var model = specimen.Model();
        var optimizer = model.CreateOptimizer(0.01);
        var (input, target) = (specimen.Input(), specimen.Target());
        var before = Loss();

        for (var step = 0; step < 25; step++)
        {
            Step(model, optimizer, input, target);
        }

        Assert.True(Loss() < 0.98 * before, $"from {before} to {Loss()}");

        // In train mode, because the running statistics of a batch norm are far behind after so few steps; of several passes, because they are random.
        double Loss() => Enumerable.Range(0, 8).Average(_ => model.Loss(model.call(input), target).ToDouble());
    }

    [Theory, MemberData(nameof(Names))]
    public void Trains_in_double_precision(string name)
    {
        var specimen = Specimens.Of(name);
        using var scope = NewDisposeScope();
        manual_seed(5);
        var model = specimen.Model();
        var (input, target) = (specimen.Input(), specimen.Target());
        model.eval();
        var single = model.call(input);
        model.to(ScalarType.Float64);
        var doubles = Double(input);
        var difference = (model.call(doubles) - single).abs().max().ToDouble();
        Assert.InRange(difference, 0, 1e-4 * Math.Max(1, single.abs().max().ToDouble()));
        Assert.All(model.parameters(), parameter => Assert.Equal(ScalarType.Float64, parameter.dtype));

        model.train();
        var before = model.parameters().Select(parameter => parameter.clone()).ToList();
        Step(model, model.CreateSgd(0.1), doubles, Double(target));

        Assert.Equal(ScalarType.Float64, model.call(doubles).dtype);
        Assert.Contains(model.parameters().Zip(before), pair => !pair.First.Equals(pair.Second));

        static Tensor Double(Tensor tensor) => tensor.is_floating_point() ? tensor.to(ScalarType.Float64) : tensor;
    }

    [Theory, MemberData(nameof(Names))]
    public void Prints_a_summary_of_all_parameters(string name)
    {
        using var model = Specimens.Of(name).Model();

        var summary = model.Summary();

        Assert.Equal(model.parameters().Sum(parameter => parameter.numel()), summary.Parameters);
        Assert.Equal(summary.Parameters, summary.Rows.Sum(row => row.Parameters));
        Assert.StartsWith(model.GetType().Name, summary.ToString());
    }

    /// <summary>A tensor that nobody disposes stays until the garbage collector comes, which may be never.</summary>
    [Theory, MemberData(nameof(Names))]
    public void Leaves_no_tensor_behind(string name)
    {
        var specimen = Specimens.Of(name);
        using var model = specimen.Model();
        using var optimizer = model.CreateOptimizer();
        using var input = specimen.Input();
        using var target = specimen.Target();
        Step(model, optimizer, input, target);
        GC.Collect();
        GC.WaitForPendingFinalizers();
        // Finalizers would hide what is left behind.
        GC.TryStartNoGCRegion(100_000_000);
        try
        {
            var before = Tensor.TotalCount;
            for (var step = 0; step < 10; step++)
            {
                using var output = model.call(input);
                using var loss = model.Loss(output, target);
                loss.backward();
            }

            Assert.Equal(before, Tensor.TotalCount);
        }
        finally
        {
            if (System.Runtime.GCSettings.LatencyMode == System.Runtime.GCLatencyMode.NoGCRegion)
            {
                GC.EndNoGCRegion();
            }
        }
    }

    [Theory, MemberData(nameof(Names))]
    public void A_busy_garbage_collector_changes_nothing(string name)
    {
        var specimen = Specimens.Of(name);
        var calm = Train();
        using var collector = new BusyCollector();
        Assert.Equal(calm, TrainDespiteFreedNumbers());

        // TorchSharp may free the number behind an argument, such as the factor of 1 in x + y, while libtorch reads it (docs/rules/SN5007.md). It throws then,
        // and is not what is tested here.
        byte[] TrainDespiteFreedNumbers()
        {
            for (var attempt = 1; ; attempt++)
            {
                try
                {
                    return Train();
                }
                catch (ExternalException exception) when (attempt < 10 && exception.Message.Contains("Scalar.h", StringComparison.Ordinal))
                {
                }
            }
        }

        byte[] Train()
        {
            manual_seed(5);
            using var model = specimen.Model();
            using var optimizer = model.CreateOptimizer();
            using var input = specimen.Input();
            using var target = specimen.Target();
            for (var step = 0; step < 10; step++)
            {
                Step(model, optimizer, input, target);
            }

            return [.. model.parameters().SelectMany(parameter => parameter.bytes.ToArray())];
        }
    }

    [Fact]
    public void Memory_is_flat_over_ten_thousand_steps()
    {
        var specimen = Specimens.Of("Mlp");
        using var model = specimen.Model();
        using var optimizer = model.CreateOptimizer();
        using var input = specimen.Input();
        using var target = specimen.Target();
        for (var step = 0; step < 200; step++)
        {
            Step(model, optimizer, input, target);
        }

        // What leaks grows in both halves; what other tests of the process take grows once.
        var growth = new List<long>();
        for (var half = 0; half < 2; half++)
        {
            var (tensors, memory) = Now();
            for (var step = 0; step < 5_000; step++)
            {
                Step(model, optimizer, input, target);
            }

            var (tensorsAfter, memoryAfter) = Now();
            Assert.InRange(tensorsAfter - tensors, -5, 5);
            growth.Add(memoryAfter - memory);
        }

        Assert.InRange(growth.Min(), long.MinValue, 10_000_000);

        static (long Tensors, long Memory) Now()
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            return (Tensor.TotalCount, Environment.WorkingSet);
        }
    }

    private static void Step(Model model, optim.Optimizer optimizer, Tensor input, Tensor target)
    {
        optimizer.zero_grad();
        using var output = model.call(input);
        using var loss = model.Loss(output, target);
        loss.backward();
        using var _ = optimizer.step();
    }
}
