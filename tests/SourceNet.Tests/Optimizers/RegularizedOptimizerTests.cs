using SourceNet.Tests.Layers;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SourceNet.Tests.Optimizers;

/// <summary>What all optimizers have in common.</summary>
public class RegularizedOptimizerTests
{
    private static readonly string[] s_names = ["adamw", "sgd", "lion", "nadam", "rmsprop", "lamb", "adafactor"];

    public static TheoryData<string> All => [.. s_names];

    private static RegularizedOptimizer Create(string name, GradientClip? clip, params RegularizedGroup[] groups) => name switch
    {
        "adamw" => new RegularizedAdamW(groups, 0.05, gradientClip: clip),
        "lion" => new RegularizedLion(groups, 0.005, gradientClip: clip),
        "nadam" => new RegularizedNAdam(groups, 0.01, gradientClip: clip),
        "rmsprop" => new RegularizedRmsProp(groups, 0.005, momentum: 0.5, gradientClip: clip),
        "lamb" => new RegularizedLamb(groups, 0.02, gradientClip: clip),
        "adafactor" => new RegularizedAdafactor(groups, 0.05, gradientClip: clip),
        _ => new RegularizedSgd(groups, 0.05, momentum: 0.9, gradientClip: clip),
    };

    private static RegularizedOptimizer Create(string name, params Parameter[] parameters) =>
        Create(name, null, new RegularizedGroup("all", new() { WeightDecay = 0.1, L1 = 0.01 }, parameters));

    public static TheoryData<string, string> Constraints
    {
        get
        {
            TheoryData<string, string> data = [];
            foreach (var name in s_names)
            {
                foreach (var constraint in new[] { "max norm", "unit norm", "non-negative", "orthogonal", "both" })
                {
                    data.Add(name, constraint);
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Constraints))]
    public void Constraints_hold_after_each_step(string name, string kind)
    {
        var constraint = kind switch
        {
            "max norm" => WeightConstraint.MaxNorm(0.5),
            "unit norm" => WeightConstraint.UnitNorm(),
            "non-negative" => WeightConstraint.NonNegative,
            "orthogonal" => WeightConstraint.Orthogonal(),
            _ => WeightConstraint.All(WeightConstraint.NonNegative, WeightConstraint.MaxNorm(0.5)),
        };
        using var weight = new Parameter(Samples.Normal(1, 4, 6));
        using var optimizer = Create(name, null, new RegularizedGroup("constrained", new() { Constraint = constraint, WeightDecay = 0.1, L1 = 0.01 },
            [weight]));
        for (var step = 0; step < 10; step++)
        {
            weight.grad = Samples.Normal(10 + step, 4, 6);
            optimizer.step();
            var rows = weight.Values().Chunk(6).ToArray();
            for (var row = 0; row < 4; row++)
            {
                for (var other = 0; other < 4; other++)
                {
                    var product = rows[row].Zip(rows[other], (a, b) => a * b).Sum();
                    switch (kind)
                    {
                        case "orthogonal":
                            Assert.Equal(row == other ? 1 : 0, product, 1e-10);
                            break;
                        case "unit norm" when row == other:
                            Assert.Equal(1, product, 1e-10);
                            break;
                        case "max norm" or "both" when row == other:
                            Assert.InRange(product, 0, 0.25 + 1e-10);
                            break;
                    }
                }

                if (kind is "non-negative" or "both")
                {
                    Assert.All(rows[row], value => Assert.True(value >= 0));
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Clips_the_gradients_of_all_groups_together(string name)
    {
        using var first = new Parameter(Samples.Normal(1, 4, 3));
        using var second = new Parameter(Samples.Normal(2, 5));
        using var firstTwin = new Parameter(Samples.Normal(1, 4, 3));
        using var secondTwin = new Parameter(Samples.Normal(2, 5));
        RegularizedGroup[] Groups(Parameter one, Parameter other) =>
            [new RegularizedGroup("decay", new() { WeightDecay = 0.1 }, [one]), new RegularizedGroup("no decay", WeightRegularization.None, [other])];
        using var clipped = Create(name, new GradientClip(1), Groups(first, second));
        using var plain = Create(name, null, Groups(firstTwin, secondTwin));
        for (var step = 0; step < 6; step++)
        {
            // Above the bound and, from the third step on, below it.
            var size = step < 3 ? 5 : 0.01;
            double[] one = [.. Samples.Normal(20 + step, 4, 3).Values().Select(g => g * size)];
            double[] other = [.. Samples.Normal(30 + step, 5).Values().Select(g => g * size)];
            first.grad = tensor(one, [4, 3]);
            second.grad = tensor(other);
            clipped.step();

            var norm = Math.Sqrt(one.Concat(other).Sum(g => g * g));
            var ratio = Math.Min(1, 1 / (norm + 1e-6));
            Assert.Equal(step < 3, ratio < 1);
            firstTwin.grad = tensor([.. one.Select(g => g * ratio)], [4, 3]);
            secondTwin.grad = tensor([.. other.Select(g => g * ratio)]);
            plain.step();
        }

        Samples.Close(firstTwin.Values(), first, 1e-12);
        Samples.Close(secondTwin.Values(), second, 1e-12);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Clips_as_torchs_clip_grad_norm_does(string name)
    {
        using var parameter = new Parameter(Samples.Normal(1, 40).to(ScalarType.Float32));
        using var twin = new Parameter(Samples.Normal(1, 40).to(ScalarType.Float32));
        using var clipped = Create(name, new GradientClip(0.3), new RegularizedGroup("all", WeightRegularization.None, [parameter]));
        using var plain = Create(name, null, new RegularizedGroup("all", WeightRegularization.None, [twin]));
        for (var step = 0; step < 5; step++)
        {
            parameter.grad = Samples.Normal(20 + step, 40).to(ScalarType.Float32);
            twin.grad = Samples.Normal(20 + step, 40).to(ScalarType.Float32);
            clipped.step();
            nn.utils.clip_grad_norm_([twin], 0.3);
            plain.step();
        }

        Samples.Close(twin.Values(), parameter, 1e-6);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Skips_frozen_parameters_and_those_without_gradient(string name)
    {
        using var frozen = new Parameter(Samples.Normal(1, 3, 3));
        using var idle = new Parameter(Samples.Normal(2, 3, 3));
        using var active = new Parameter(Samples.Normal(3, 3, 3));
        var (frozenBefore, idleBefore, activeBefore) = (frozen.Values(), idle.Values(), active.Values());
        using var optimizer = Create(name, frozen, idle, active);
        frozen.grad = ones_like(frozen);
        frozen.requires_grad = false;
        active.grad = ones_like(active);
        optimizer.step();
        Assert.Equal(frozenBefore, frozen.Values());
        Assert.Equal(idleBefore, idle.Values());
        Assert.NotEqual(activeBefore, active.Values());

        // What never steps has no state either.
        using var alone = Create(name, active);
        alone.step();
        Assert.InRange(Saved(optimizer), Saved(alone), Saved(alone) + 2 * 24);

        static long Saved(RegularizedOptimizer optimizer)
        {
            using var stream = new MemoryStream();
            optimizer.save_state_dict(new BinaryWriter(stream));
            return stream.Length;
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Frozen_gradients_do_not_count_in_the_norm(string name)
    {
        using var frozen = new Parameter(zeros(3));
        using var active = new Parameter(zeros(3));
        using var optimizer = Create(name, new GradientClip(10), new RegularizedGroup("all", WeightRegularization.None, [frozen, active]));
        frozen.grad = full([3], 1e6);
        frozen.requires_grad = false;
        active.grad = ones(3);
        optimizer.step();
        Assert.Equal([1, 1, 1], active.grad!.Values());
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Zero_grad_removes_the_gradients(string name)
    {
        using var parameter = new Parameter(Samples.Normal(1, 3));
        using var optimizer = Create(name, parameter);
        parameter.sum().backward();
        optimizer.step();
        Assert.NotNull(parameter.grad);
        optimizer.zero_grad();
        Assert.Null(parameter.grad);
        var before = parameter.Values();
        optimizer.step();
        Assert.Equal(before, parameter.Values());
    }

    [Theory]
    [MemberData(nameof(All))]
    public void A_closure_computes_the_loss_with_gradients(string name)
    {
        using var parameter = new Parameter(Samples.Normal(1, 3));
        using var optimizer = Create(name, parameter);
        var before = parameter.Values();
        Tensor? loss;
        using (no_grad())
        {
            loss = optimizer.step(() =>
            {
                optimizer.zero_grad();
                var sum = parameter.pow(2).sum();
                sum.backward();
                return sum;
            });
        }

        Assert.Equal(before.Sum(w => w * w), loss!.item<double>(), 1e-12);
        Assert.NotEqual(before, parameter.Values());
        Assert.Null(optimizer.step());
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Many_steps_leave_no_tensor_behind(string name)
    {
        using var weight = new Parameter(Samples.Normal(1, 8, 8).to(ScalarType.Float32));
        using var bias = new Parameter(Samples.Normal(2, 8).to(ScalarType.Float32));
        var constraint = WeightConstraint.All(WeightConstraint.NonNegative, WeightConstraint.UnitNorm(), WeightConstraint.Orthogonal());
        using var optimizer = Create(
            name,
            new GradientClip(0.1),
            new RegularizedGroup("decay", new() { WeightDecay = 0.1, L1 = 0.01, Constraint = constraint }, [weight]),
            new RegularizedGroup("no decay", WeightRegularization.None, [bias]));
        using var input = Samples.Normal(3, 4, 8).to(ScalarType.Float32);
        LiveTensors.StayFlat(() =>
        {
            optimizer.zero_grad();
            using var output = nn.functional.linear(input, weight, bias);
            using var loss = output.sum();
            loss.backward();
            optimizer.step();
        }, iterations: 500);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Its_state_outlives_the_dispose_scope_of_a_step(string name)
    {
        using var parameter = new Parameter(Samples.Normal(1, 6));
        using var twin = new Parameter(Samples.Normal(1, 6));
        using var optimizer = Create(name, parameter);
        using var plain = Create(name, twin);
        for (var step = 0; step < 4; step++)
        {
            using (NewDisposeScope())
            {
                parameter.grad = Samples.Normal(step, 6);
                optimizer.step();
            }

            twin.grad = Samples.Normal(step, 6);
            plain.step();
        }

        Assert.Equal(twin.Values(), parameter.Values());
    }

    [Theory]
    [MemberData(nameof(All))]
    public void A_model_converted_after_the_optimizer_was_built_is_reported(string name)
    {
        using var linear = nn.Linear(3, 2);
        using var optimizer = Create(name, [.. linear.parameters()]);
        linear.to(ScalarType.Float64);
        var error = Assert.Throws<InvalidOperationException>(() => optimizer.step());
        Assert.Contains("'all'", error.Message);
        Assert.Contains(".to()", error.Message);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void A_parameter_in_two_groups_is_refused(string name)
    {
        using var parameter = new Parameter(zeros(3, 4));
        var error = Assert.Throws<ArgumentException>(() => Create(
            name, null, new RegularizedGroup("first", WeightRegularization.None, [parameter]),
            new RegularizedGroup("second", WeightRegularization.None, [parameter])));
        Assert.Contains("'second'", error.Message);
        Assert.Contains("[3, 4]", error.Message);
        Assert.Throws<ArgumentException>(() => Create(name, [parameter, parameter]));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void One_weight_under_two_names_is_stepped_once(string name)
    {
        using var weight = new Parameter(Samples.Normal(1, 4, 3));
        using var alias = new Parameter(weight.detach());
        using var twin = new Parameter(Samples.Normal(1, 4, 3));
        using var tied = Create(name, weight, alias);
        using var single = Create(name, twin);
        for (var step = 0; step < 3; step++)
        {
            using var gradient = Samples.Normal(10 + step, 4, 3);
            (weight.grad, alias.grad, twin.grad) = (gradient, gradient, gradient);
            tied.step();
            single.step();
        }

        Assert.Equal(twin.Values(), weight.Values());
    }

    [Theory]
    [MemberData(nameof(All))]
    public void A_saved_state_continues_bit_for_bit(string name)
    {
        using var weight = new Parameter(Samples.Normal(1, 4, 3));
        using var bias = new Parameter(Samples.Normal(2, 5));
        using var optimizer = Create(name, weight, bias);
        Train(optimizer, weight, bias, 0);
        using var stream = new MemoryStream();
        optimizer.save_state_dict(new BinaryWriter(stream));
        stream.Position = 0;
        using var weightCopy = new Parameter(weight.detach().clone());
        using var biasCopy = new Parameter(bias.detach().clone());
        using var restored = Create(name, weightCopy, biasCopy);
        restored.load_state_dict(new BinaryReader(stream));
        using var weightTwin = new Parameter(weight.detach().clone());
        using var biasTwin = new Parameter(bias.detach().clone());
        using var inMemory = Create(name, weightTwin, biasTwin);
        inMemory.load_state_dict(optimizer.state_dict());

        Train(optimizer, weight, bias, 10);
        Train(restored, weightCopy, biasCopy, 10);
        Train(inMemory, weightTwin, biasTwin, 10);

        double[] expected = [.. weight.Values(), .. bias.Values()];
        Assert.Equal(expected, weightCopy.Values().Concat(biasCopy.Values()));
        Assert.Equal(expected, weightTwin.Values().Concat(biasTwin.Values()));

        static void Train(RegularizedOptimizer optimizer, Parameter weight, Parameter bias, int seed)
        {
            for (var step = 0; step < 5; step++)
            {
                weight.grad = Samples.Normal(seed + step, 4, 3);
                bias.grad = Samples.Normal(50 + seed + step, 5);
                optimizer.step();
            }
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Plain_parameter_groups_can_be_added_but_no_foreign_options(string name)
    {
        using var parameter = new Parameter(Samples.Normal(1, 3));
        using var late = new Parameter(Samples.Normal(2, 3));
        using var optimizer = Create(name, parameter);
        optimizer.add_param_group(new ParamGroup { Parameters = [late], Options = new() { LearningRate = 0.5 } });
        Assert.Equal(0.5, optimizer.ParamGroups.Last().LearningRate);
        Assert.Same(WeightRegularization.None, optimizer.Groups[^1].Regularization);
        Assert.Throws<ArgumentException>(() => optimizer.add_param_group(new AdamW.ParamGroup([new Parameter(zeros(2))])));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void A_state_of_the_other_optimizer_is_refused(string name)
    {
        using var one = new Parameter(zeros(3));
        using var two = new Parameter(zeros(3));
        using var optimizer = Create(name, one);
        using var other = Create(name == "sgd" ? "adamw" : "sgd", two);
        Assert.Throws<ArgumentException>(() => optimizer.load_state_dict(other.state_dict()));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void A_sparse_gradient_is_reported(string name)
    {
        using var embedding = nn.Embedding(5, 3, sparse: true);
        using var optimizer = Create(name, embedding.weight!);
        embedding.call(tensor([1L, 3])).sum().backward();
        Assert.Contains("sparse", Assert.Throws<InvalidOperationException>(() => optimizer.step()).Message);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Trains_a_small_network(string name)
    {
        using var model = nn.Sequential(nn.Linear(4, 16), nn.Tanh(), nn.Linear(16, 1)).to(ScalarType.Float64);
        foreach (var (parameter, index) in model.parameters().Select((parameter, index) => (parameter, index)))
        {
            parameter.Fill([.. Samples.Normal(index, parameter.shape).Values().Select(w => 0.4 * w)]);
        }

        using var optimizer = Create(name, new GradientClip(5), [.. RegularizedGroup.Of("model", model, new() { WeightDecay = 1e-3, L1 = 1e-4 })]);
        using var input = Samples.Normal(7, 64, 4);
        using var targets = input.sum(1, keepdim: true).sin();
        double Loss()
        {
            using var scope = NewDisposeScope();
            optimizer.zero_grad();
            var loss = Objectives.MeanSquaredError(model.call(input), targets);
            loss.backward();
            optimizer.step();
            return loss.item<double>();
        }

        var first = Loss();
        var last = first;
        for (var step = 0; step < 400; step++)
        {
            last = Loss();
        }

        Assert.True(last < 0.1 * first, FormattableString.Invariant($"{first} → {last}"));
    }

    [Theory]
    [InlineData("adamw", ScalarType.Float32)]
    [InlineData("adamw", ScalarType.Float64)]
    [InlineData("sgd", ScalarType.Float32)]
    [InlineData("sgd", ScalarType.Float64)]
    [InlineData("lion", ScalarType.Float64)]
    [InlineData("nadam", ScalarType.Float64)]
    [InlineData("rmsprop", ScalarType.Float64)]
    [InlineData("lamb", ScalarType.Float32)]
    [InlineData("lamb", ScalarType.Float64)]
    [InlineData("adafactor", ScalarType.Float32)]
    public void A_busy_garbage_collector_changes_nothing(string name, ScalarType type)
    {
        // Scalars and tensors that nothing holds would be finalized while a native call reads them.
        var calm = Train();
        using var collector = new BusyCollector();
        Assert.Equal(calm, Train());

        double[] Train()
        {
            using var attention = new SourceNet.Layers.Attention(8, 4, 2, causal: true, rotary: true);
            using var norm = new SourceNet.Layers.RMSNorm(8);
            attention.to(type);
            norm.to(type);
            Parameter[] parameters = [.. attention.parameters(), .. norm.parameters()];
            foreach (var (parameter, index) in parameters.Select((parameter, index) => (parameter, index)))
            {
                parameter.Fill(Samples.Normal(index, parameter.shape).Values());
            }

            var constraint = WeightConstraint.All(WeightConstraint.NonNegative, WeightConstraint.MaxNorm(2), WeightConstraint.UnitNorm());
            using var optimizer = Create(
                name,
                new GradientClip(1),
                new RegularizedGroup("matrices", new() { WeightDecay = 0.1, L1 = 0.01, Constraint = constraint },
                    [.. parameters.Where(parameter => parameter.ndim == 2)]),
                new RegularizedGroup("rest", new() { WeightDecay = 0.1, L1 = 0.01 }, [.. parameters.Where(parameter => parameter.ndim == 1)]));
            using var wide = Samples.Normal(9, 2, 5, 8);
            using var input = wide.to(type);
            for (var step = 0; step < 60; step++)
            {
                optimizer.zero_grad();
                using var attended = attention.call(input);
                using var output = norm.call(attended);
                using var loss = Objectives.MeanSquaredError(output, input);
                loss.backward();
                optimizer.step();
            }

            return [.. parameters.SelectMany(parameter => parameter.Values())];
        }
    }
}
