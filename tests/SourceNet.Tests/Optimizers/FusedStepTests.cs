using System.Runtime.InteropServices;
using SourceNet.Kernels.Native;
using SourceNet.Kernels.Threads;
using SourceNet.Tests.Kernels;
using SourceNet.Tests.Kernels.Vectors;
using SourceNet.Tests.Layers;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SourceNet.Tests.Optimizers;

/// <summary>The kernel's step against the same step composed of operators, and against it in double precision.</summary>
public class FusedStepTests
{
    /// <summary>Around the widths of vectors and of chunks.</summary>
    private static readonly long[][] s_shapes = [[1], [3], [7], [8], [15], [16], [17], [31, 1], [1, 33], [5, 7, 3], [127], [40, 41], [Grain.Light + 3],
        [2, Grain.Light + 16]];

    private static readonly WeightConstraint s_both = WeightConstraint.All(WeightConstraint.NonNegative, WeightConstraint.MaxNorm(0.5));

    public static TheoryData<string> Variants =>
    [
        "adamw", "adamw decay l1", "adamw amsgrad", "adamw amsgrad maximize l1", "adamw clip", "adamw loose clip", "adamw decay l1 nonnegative",
            "adamw decay unit", "adamw l1 both",
        "sgd", "sgd decay l1 maximize", "sgd momentum", "sgd momentum dampening decay l1", "sgd nesterov l1 nonnegative", "sgd nesterov maximize clip",
            "sgd momentum both",
        "lion", "lion decay l1", "lion maximize clip nonnegative", "lion decay both",
        "nadam", "nadam decay l1", "nadam maximize clip", "nadam l1 both",
        "rmsprop", "rmsprop decay l1 maximize", "rmsprop momentum clip", "rmsprop centered l1", "rmsprop centered momentum decay nonnegative", "rmsprop both",
        "lamb", "lamb decay l1", "lamb vectors decay maximize", "lamb clip decay both",
    ];

    private static RegularizedOptimizer Create(string variant, IReadOnlyList<Parameter> parameters, bool fused)
    {
        var words = variant.Split(' ');
        bool Has(string word) => words.Contains(word);
        var regularization = new WeightRegularization
        {
            WeightDecay = Has("decay") ? 0.1 : null,
            L1 = Has("l1") ? 0.3 : null,
            Constraint = Has("nonnegative") ? WeightConstraint.NonNegative : null,
        };
        Parameter[] matrices = [.. parameters.Where(parameter => parameter.ndim > 1)];
        Parameter[] vectors = [.. parameters.Where(parameter => parameter.ndim <= 1)];
        var constrained = regularization with { Constraint = Has("unit") ? WeightConstraint.UnitNorm() : Has("both") ? s_both : regularization.Constraint };
        RegularizedGroup[] groups = [new("matrices", constrained, matrices), new("vectors", regularization, vectors)];
        var clip = Has("clip") ? new GradientClip(Has("loose") ? 1e6 : 0.7) : null;
        RegularizedOptimizer optimizer = words[0] switch
        {
            "adamw" => new RegularizedAdamW(groups, 0.02, 0.8, 0.95, 1e-6, Has("amsgrad"), Has("maximize"), clip),
            "nadam" => new RegularizedNAdam(groups, 0.02, 0.8, 0.95, 1e-6, 0.05, Has("maximize"), clip),
            "lamb" => new RegularizedLamb(groups, 0.02, 0.8, 0.95, 1e-6, Has("vectors"), Has("maximize"), clip),
            "lion" => new RegularizedLion(groups, 0.02, 0.8, 0.95, Has("maximize"), clip),
            "rmsprop" => new RegularizedRmsProp(groups, 0.02, 0.95, 1e-3, Has("momentum") ? 0.7 : 0, Has("centered"), Has("maximize"), clip),
            _ => new RegularizedSgd(groups, 0.02, Has("momentum") || Has("nesterov") ? 0.9 : 0, Has("dampening") ? 0.4 : 0, Has("nesterov"), Has("maximize"),
                clip),
        };
        optimizer.UsesFusedKernels = fused;
        return optimizer;
    }

    private static Parameter[] Parameters(ScalarType type, params long[][] shapes)
    {
        return [.. shapes.Select((shape, index) => new Parameter(Values(index, shape, 1, type)))];
    }

    /// <summary>Gradients of a step, ever smaller so that AMSGrad's largest moment is not the present one.</summary>
    private static void SetGradients(int step, params Parameter[][] twins)
    {
        for (var index = 0; index < twins[0].Length; index++)
        {
            foreach (var twin in twins)
            {
                using var gradient = Values((100 * step) + index, twin[index].shape, Math.Exp(-0.1 * step), twin[index].dtype);
                twin[index].grad = gradient;
            }
        }
    }

    /// <summary>
    /// What float32 can say, in a type. Nothing is left to the garbage collector, which frees a tensor that nobody will use again even while an operator of
    /// libtorch still reads it.
    /// </summary>
    private static Tensor Values(int seed, long[] shape, double size, ScalarType type)
    {
        using var factor = size.ToScalar();
        using var normal = Samples.Normal(seed, shape);
        using var scaled = normal.mul(factor);
        using var single = scaled.to(ScalarType.Float32);
        return single.to(type, copy: true);
    }

    private static double[] Flat(Parameter[] parameters) =>
        [.. parameters.Where(parameter => parameter.numel() > 0).SelectMany(parameter => parameter.Values())];

    private static float[] Bits(Parameter[] parameters) => [.. parameters.SelectMany(parameter => parameter.data<float>().ToArray())];

    [Theory]
    [MemberData(nameof(Variants))]
    public void Both_ways_are_as_near_to_double_precision(string variant)
    {
        var exact = Parameters(ScalarType.Float64, s_shapes);
        var composed = Parameters(ScalarType.Float32, s_shapes);
        using var reference = Create(variant, exact, fused: true);
        using var operators = Create(variant, composed, fused: false);
        Train(reference, exact);
        Train(operators, composed);
        Assert.Equal((0, 0), (reference.FusedParameters, operators.FusedParameters));
        var truth = Flat(exact);
        var (worst, root) = Errors(Flat(composed));
        Assert.InRange(worst, 0, 1e-4);
        Assert.Equal(variant.Contains("l1") || variant.Contains("nonnegative") || variant.Contains("both"), truth.Contains(0));
        foreach (var width in VectorWidth.All)
        {
            using var vectors = new VectorWidth(width);
            var fused = Parameters(ScalarType.Float32, s_shapes);
            using var kernel = Create(variant, fused, fused: true);
            Train(kernel, fused);
            Assert.Equal(s_shapes.Length, kernel.FusedParameters);
            var (fusedWorst, fusedRoot) = Errors(Flat(fused));
            Assert.InRange(fusedWorst, 0, 2 * worst);
            Assert.InRange(fusedRoot, 0, 2 * root);
            // Rounding may carry a weight over the threshold in one of them only; not many.
            Assert.InRange(truth.Zip(Flat(fused), (a, b) => (a == 0) != (b == 0)).Count(differ => differ), 0, 3);
        }

        static void Train(RegularizedOptimizer optimizer, Parameter[] parameters)
        {
            for (var step = 0; step < 8; step++)
            {
                SetGradients(step, parameters);
                optimizer.step();
            }
        }

        (double Worst, double Root) Errors(double[] values)
        {
            double[] errors = [.. truth.Zip(values, (a, b) => Math.Abs(a - b))];
            return (errors.Max(), Math.Sqrt(errors.Average(error => error * error)));
        }
    }

    [Theory]
    [InlineData("adamw decay l1 clip")]
    [InlineData("sgd nesterov clip")]
    [InlineData("lamb decay l1 clip")]
    [InlineData("rmsprop centered momentum")]
    public void The_number_of_threads_does_not_change_a_bit(string variant)
    {
        float[] Train(int threads)
        {
            using var scope = new ThreadCount(threads);
            var parameters = Parameters(ScalarType.Float32, [.. s_shapes, [300, 500]]);
            using var optimizer = Create(variant, parameters, fused: true);
            for (var step = 0; step < 3; step++)
            {
                SetGradients(step, parameters);
                optimizer.step();
            }

            return Bits(parameters);
        }

        var one = Train(1);
        Assert.Equal(one, Train(2));
        Assert.Equal(one, Train(5));
    }

    [Theory]
    [InlineData("adamw amsgrad clip")]
    [InlineData("sgd momentum dampening clip")]
    [InlineData("lamb decay clip")]
    [InlineData("nadam clip")]
    [InlineData("rmsprop centered momentum")]
    [InlineData("lion decay")]
    public void What_a_kernel_cannot_read_is_composed_and_the_rest_is_not(string variant)
    {
        Parameter[] Mixed(ScalarType type) =>
        [
            new(Samples.Normal(1, 6, 5).to(ScalarType.Float32).to(type)),
            new(Samples.Normal(2, 6, 5).to(ScalarType.Float64)),
            new(Samples.Normal(3, 6, 5).to(ScalarType.Float32).to(type).t()),
            new(Samples.Normal(4).to(ScalarType.Float32).to(type)),
            new(Samples.Normal(5, 0, 4).to(ScalarType.Float32).to(type)),
            new(Samples.Normal(6, 6, 5).to(ScalarType.Float32).to(type)),
            new(Samples.Normal(7, 9).to(ScalarType.Float32).to(type)),
        ];
        var fused = Mixed(ScalarType.Float32);
        var exact = Mixed(ScalarType.Float64);
        using var kernel = Create(variant, fused, fused: true);
        using var reference = Create(variant, exact, fused: false);
        for (var step = 0; step < 4; step++)
        {
            SetGradients(step, fused, exact);
            // A gradient whose elements lie apart, for every other step: the way is chosen each time.
            if (step % 2 == 1)
            {
                using var spread = fused[5].grad!.t().contiguous();
                fused[5].grad = spread.t();
            }

            kernel.step();
            reference.step();
            Assert.Equal(step % 2 == 1 ? 2 : 3, kernel.FusedParameters);
        }

        foreach (var (one, other) in exact.Zip(fused).Where(pair => pair.First.numel() > 0))
        {
            Samples.Close(one.Values(), other, 1e-5);
        }
    }

    [Theory]
    [InlineData("adamw clip")]
    [InlineData("sgd clip")]
    public void Gradients_keep_their_values(string variant)
    {
        foreach (var type in new[] { ScalarType.Float32, ScalarType.Float64 })
        {
            var parameters = Parameters(type, [40, 3], [7]);
            using var optimizer = Create(variant, parameters, fused: true);
            SetGradients(0, parameters);
            double[] before = [.. parameters.SelectMany(parameter => parameter.grad!.Values())];
            optimizer.step();
            Assert.Equal(before, parameters.SelectMany(parameter => parameter.grad!.Values()));
            Assert.Equal(type == ScalarType.Float32 ? 2 : 0, optimizer.FusedParameters);
        }
    }

    [Theory]
    [InlineData("adamw amsgrad decay l1")]
    [InlineData("sgd momentum dampening")]
    [InlineData("sgd nesterov maximize")]
    [InlineData("adamw maximize")]
    [InlineData("nadam maximize")]
    [InlineData("lamb vectors decay")]
    [InlineData("lion")]
    [InlineData("rmsprop centered momentum")]
    public void The_ways_may_alternate_and_share_their_state(string variant)
    {
        var alternating = Parameters(ScalarType.Float32, s_shapes);
        var composed = Parameters(ScalarType.Float32, s_shapes);
        using var one = Create(variant, alternating, fused: true);
        using var other = Create(variant, composed, fused: false);
        for (var step = 0; step < 6; step++)
        {
            one.UsesFusedKernels = step is 0 or 2 or 5;
            SetGradients(step, alternating, composed);
            one.step();
            other.step();
        }

        foreach (var (state, expected) in one.state_dict().State.Cast<RegularizedState>().Zip(other.state_dict().State.Cast<RegularizedState>()))
        {
            Assert.Equal(6, state.Step);
            Assert.Equal(expected.Step, state.Step);
            Assert.True(expected.Numbers.SequenceEqual(state.Numbers));
            for (var index = 0; index < expected.Tensors; index++)
            {
                Assert.Equal(expected[index] is null, state[index] is null);
                if (expected[index] is { } tensor)
                {
                    Samples.Close(tensor.Values(), state[index]!, 1e-6);
                }
            }
        }

        foreach (var (parameter, twin) in alternating.Zip(composed))
        {
            Samples.Close(twin.Values(), parameter, 1e-5);
        }
    }

    [Theory]
    [InlineData("adamw amsgrad clip")]
    [InlineData("sgd nesterov clip")]
    [InlineData("nadam decay")]
    [InlineData("lamb vectors decay l1")]
    [InlineData("lion maximize")]
    [InlineData("rmsprop centered momentum")]
    public void A_saved_state_continues_bit_for_bit(string variant)
    {
        var parameters = Parameters(ScalarType.Float32, s_shapes);
        using var optimizer = Create(variant, parameters, fused: true);
        Train(optimizer, parameters, 0, 3);
        using var stream = new MemoryStream();
        optimizer.save_state_dict(new BinaryWriter(stream));
        stream.Position = 0;
        Parameter[] copies = [.. parameters.Select(parameter => new Parameter(parameter.detach().clone()))];
        using var restored = Create(variant, copies, fused: true);
        restored.load_state_dict(new BinaryReader(stream));
        Train(optimizer, parameters, 3, 6);
        Train(restored, copies, 3, 6);
        Assert.Equal(s_shapes.Length, restored.FusedParameters);
        Assert.Equal(Bits(parameters), Bits(copies));

        static void Train(RegularizedOptimizer optimizer, Parameter[] parameters, int from, int to)
        {
            for (var step = from; step < to; step++)
            {
                SetGradients(step, parameters);
                optimizer.step();
            }
        }
    }

    [Theory]
    [InlineData("adamw amsgrad", float.NaN)]
    [InlineData("adamw l1", float.PositiveInfinity)]
    [InlineData("adamw nonnegative", float.NaN)]
    [InlineData("sgd momentum l1", float.NaN)]
    [InlineData("sgd", float.NegativeInfinity)]
    [InlineData("sgd clip", float.PositiveInfinity)]
    [InlineData("lion", float.NaN)]
    [InlineData("lion l1", float.PositiveInfinity)]
    [InlineData("nadam", float.NaN)]
    [InlineData("lamb vectors decay", float.NaN)]
    [InlineData("rmsprop centered", float.NaN)]
    [InlineData("rmsprop momentum", float.PositiveInfinity)]
    public void Broken_gradients_break_the_same_weights(string variant, float broken) =>
        Array.ForEach(VectorWidth.All, width => BreakTheSameWeights(variant, broken, width));

    private static void BreakTheSameWeights(string variant, float broken, int width)
    {
        using var vectors = new VectorWidth(width);
        var fused = Parameters(ScalarType.Float32, [20], [4, 5]);
        var composed = Parameters(ScalarType.Float32, [20], [4, 5]);
        using var kernel = Create(variant, fused, fused: true);
        using var operators = Create(variant, composed, fused: false);
        for (var step = 0; step < 3; step++)
        {
            SetGradients(step, fused, composed);
            if (step == 1)
            {
                fused[0].grad![3] = broken;
                composed[0].grad![3] = broken;
            }

            kernel.step();
            operators.step();
        }

        Assert.Contains(false, Flat(fused).Select(double.IsFinite));
        Assert.Equal(Flat(composed).Select(value => (double.IsNaN(value), double.IsPositiveInfinity(value))),
            Flat(fused).Select(value => (double.IsNaN(value), double.IsPositiveInfinity(value))));
    }

    [Theory]
    [InlineData("adamw", true)]
    [InlineData("adamw", false)]
    [InlineData("sgd momentum", true)]
    public void A_graph_that_saved_the_old_weight_refuses_to_go_backward(string variant, bool fused)
    {
        using var weight = new Parameter(Samples.Normal(1, 4, 4).to(ScalarType.Float32));
        using var optimizer = Create(variant, [weight], fused);
        // The first step of a parameter counts versions in another way than the later ones.
        for (var step = 0; step < 3; step++)
        {
            using var loss = (weight * weight).sum();
            SetGradients(step, [weight]);
            optimizer.step();
            Assert.Equal(fused ? 1 : 0, optimizer.FusedParameters);
            Assert.Contains("modified by an inplace operation", Assert.Throws<ExternalException>(() => loss.backward()).Message);
        }
    }

    [Fact]
    public void Versions_are_counted_through_views_too()
    {
        using var weight = new Parameter(Samples.Normal(1, 4, 4).to(ScalarType.Float32));
        var before = weight.Values();
        using var loss = (weight * weight).sum();
        using (no_grad())
        {
            VersionCounter.BumpByView(weight);
        }

        Assert.Equal(before, weight.Values());
        Assert.Throws<ExternalException>(() => loss.backward());
    }

    [Fact]
    public void A_parameter_made_in_inference_mode_is_refused_outside_of_it_and_works_inside()
    {
        Parameter weight;
        RegularizedOptimizer optimizer;
        using (inference_mode())
        {
            weight = new Parameter(ones(8));
            weight.grad = ones(8);
            optimizer = Create("adamw", [weight], fused: true);
            optimizer.step();
            optimizer.step();
            Assert.Equal(1, optimizer.FusedParameters);
            Assert.Equal(0.96, weight.Values()[0], 1e-5);
        }

        Assert.Throws<ExternalException>(() => optimizer.step());
    }

    [Theory]
    [InlineData("adamw decay l1 clip both")]
    [InlineData("sgd momentum l1 nonnegative clip")]
    [InlineData("lamb decay clip")]
    public void Thousands_of_steps_leave_no_memory_behind(string variant)
    {
        var parameters = Parameters(ScalarType.Float32, [64, 100], [64], [1000]);
        using var optimizer = Create(variant, parameters, fused: true);
        SetGradients(0, parameters);
        LiveTensors.StayFlat(() => optimizer.step(), 500);
        var before = Resident();
        for (var step = 0; step < 4000; step++)
        {
            optimizer.step();
        }

        Assert.Equal(3, optimizer.FusedParameters);
        // A gradient that is not given back keeps 25 KB of native memory alive for as long as it is replaced, its handle 8 bytes.
        for (var step = 0; step < 1000; step++)
        {
            using (var fresh = zeros(64, 100))
            {
                parameters[0].grad = fresh;
            }

            optimizer.step();
        }

        Assert.InRange(Resident() - before, long.MinValue, 20L << 20);

        static long Resident()
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            return System.Diagnostics.Process.GetCurrentProcess().WorkingSet64;
        }
    }

    [Fact]
    public void Steps_survive_a_garbage_collector_that_never_rests()
    {
        var parameters = Parameters(ScalarType.Float32, [Grain.Light * 4], [64, 30], [64]);
        var twins = Parameters(ScalarType.Float32, [Grain.Light * 4], [64, 30], [64]);
        using var scope = new ThreadCount(3);
        using var optimizer = Create("adamw decay l1 clip", parameters, fused: true);
        using var calm = Create("adamw decay l1 clip", twins, fused: true);
        SetGradients(0, parameters, twins);
        var clock = System.Diagnostics.Stopwatch.StartNew();
        var steps = 0;
        using (var collector = new BusyCollector())
        {
            for (; steps < 10 || collector.Collections < 200 || clock.ElapsedMilliseconds < 1000; steps++)
            {
                // A gradient that only the parameter holds.
                using var gradient = parameters[1].grad!;
                using var copy = gradient.clone();
                parameters[1].grad = copy;
                optimizer.step();
            }
        }

        for (var step = 0; step < steps; step++)
        {
            calm.step();
        }

        Assert.Equal(Bits(twins), Bits(parameters));
    }

    [Fact]
    public void Several_threads_step_optimizers_of_their_own()
    {
        float[] Train(int seed)
        {
            using var scope = new ThreadCount(2);
            var parameters = Parameters(ScalarType.Float32, [Grain.Light * 2 + seed], [9, 9]);
            using var optimizer = Create(seed % 2 == 0 ? "adamw l1 clip" : "sgd nesterov decay clip", parameters, fused: true);
            SetGradients(seed, parameters);
            for (var step = 0; step < 60; step++)
            {
                optimizer.step();
            }

            return Bits(parameters);
        }

        var alone = Enumerable.Range(0, 4).Select(Train).ToArray();
        var together = new float[4][];
        var threads = Enumerable.Range(0, 4).Select(seed => new Thread(() => together[seed] = Train(seed))).ToArray();
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        Assert.Equal(alone, together);
    }

    [Fact]
    public void An_error_before_the_step_changes_nothing()
    {
        using var good = new Parameter(ones(8));
        using var embedding = nn.Embedding(5, 3, sparse: true);
        using var optimizer = Create("adamw", [good, embedding.weight!], fused: true);
        using var twin = new Parameter(ones(8));
        using var plain = Create("adamw", [twin], fused: true);
        good.grad = ones(8);
        twin.grad = ones(8);
        embedding.call(tensor([1L, 3])).sum().backward();
        Assert.Throws<InvalidOperationException>(() => optimizer.step());
        Assert.Equal(1, good.Values()[0]);
        embedding.weight!.grad = null;
        optimizer.step();
        plain.step();
        Assert.Equal(twin.Values(), good.Values());
    }
}
