"""Each option of `scons -h` with values that it cannot have."""

import contextlib

from corpus import GOOD, Case

ON_BOARD = "board=mps2-an386 "
NET = "board=mps2-an386 model=model.onnx run "


def folder_named(name):
    """A folder where a file is expected."""

    @contextlib.contextmanager
    def around(project):
        (project / name).mkdir()
        yield
        (project / name).rmdir()

    return around


CASES = [
    Case("an option that nobody knows", ["unknown option 'bord'. Did you mean board?"], "bord=stm32f4"),
    Case("an option like no other", ["unknown option 'whatever'. Options: "], "whatever=1"),
    Case("a target that nobody knows", ["rum"], GOOD + " rum"),
    Case("an option of scons itself that is none", ["no such option: --boardd"], "--boardd=stm32f4"),
    Case("a board that is near another", ["no board 'stm32f5'. Did you mean stm32f4?"], "board=stm32f5"),
    Case("a board of another name altogether", ["no board 'zx81'.", "Boards: "], "board=zx81"),
    Case("a board of no name", ["no board ''", "Boards: "], "board="),
    Case("a board in capitals", ["no board 'STM32F4'. Did you mean stm32f4?"], "board=STM32F4"),
    Case("a board by its path", ["no board 'boards/stm32f4.py'"], "board=boards/stm32f4.py"),
    Case("a board above the folders of boards", ["no board '../SConstruct'"], "board=../SConstruct"),
    Case("a board that is a family", ["no board 'families/cortex-m4'"], "board=families/cortex-m4"),
    Case("a deployment that is none", ["deploy=cloud: not one of direct, static"], "deploy=cloud"),
    Case("no deployment", ["deploy=: not one of direct, static"], "deploy="),
    Case("a deployment in capitals", ["deploy=Direct: not one of direct"], "deploy=Direct"),
    Case("a sample that is none", ["sample", "digit"], "sample=digit"),
    Case("no sample", ["sample"], "sample="),
    Case("a model that is not there", ["model={folder}/none.onnx: no such file"], ON_BOARD + "model=none.onnx run"),
    Case("a model that is a folder", ["model={folder}/samples: no such file"], ON_BOARD + "model=samples run"),
    Case(
        "a model of no known kind",
        ["main.c: a model is an .mlir, .mlirbc, .onnx or .tflite file"],
        ON_BOARD + "model=samples/digits/main.c run",
    ),
    Case("sample=own_model without a model", ["give the model, as in model=path.onnx"], "sample=own_model"),
    Case("sample=mlperf_tiny without models", ["needs models=DIR"], "sample=mlperf_tiny"),
    Case("models that is no folder", ["models={folder}/none: not a folder with .onnx files"], "sample=mlperf_tiny models=none"),
    Case(
        "models in which there are none",
        ["models={folder}/home: not a folder with .onnx files"],
        "sample=mlperf_tiny models=home",
    ),
    Case("inputs that are not there", ["inputs={folder}/none.npz: no such file"], NET + "inputs=none.npz"),
    Case("inputs that are a folder", ["inputs={folder}/samples: no such file"], NET + "inputs=samples"),
    Case("inputs of another kind", ["samples/digits/main.c is not an .npz of arrays"], NET + "inputs=samples/digits/main.c"),
    Case("dims without a size", ["dims=batch: 'batch' is not NAME=SIZE"], NET + "dims=batch"),
    Case("dims with size 0", ["dims=batch=0: 'batch=0' is not NAME=SIZE"], NET + "dims=batch=0"),
    Case("dims with a size below 0", ["dims=batch=-1", "is not NAME=SIZE"], NET + "dims=batch=-1"),
    Case("dims with a fraction", ["dims=batch=1.5", "is not NAME=SIZE"], NET + "dims=batch=1.5"),
    Case("dims with a digit that is none", ["dims=batch=²", "is not NAME=SIZE"], NET + "dims=batch=²"),
    Case("dims without a name", ["dims==1", "is not NAME=SIZE"], NET + "dims==1"),
    Case("dims twice for one name", ["dims=*=1,*=2: '*' is given twice"], NET + "dims=*=1,*=2"),
    Case("dims of a name that the model lacks", ["dims=length=…: the model has no such dimension"], NET + "dims=length=2"),
    Case("dims too large to be", ["dims=*=99999999999999999999", "from 1 to 2147483647"], NET + "dims=*=99999999999999999999"),
    Case("shapes without extents", ["shapes=image: 'image' is not NAME=AxBxC"], NET + "shapes=image"),
    Case("shapes with a wrong sign between", ["shapes=image=1*8*8", "is not NAME=AxBxC"], NET + "shapes=image=1*8*8"),
    Case("shapes with extent 0", ["shapes=image=0x64", "is not NAME=AxBxC"], NET + "shapes=image=0x64"),
    Case("shapes of an input that the model lacks", ["shapes=picture=…: no such input. Inputs: "], NET + "shapes=picture=1x64"),
    Case("shapes of another rank", ["dimensions, the input "], NET + "shapes=image=64x1x1x1x1"),
    Case("shapes that are not the model's", ["in shapes="], NET + "shapes=image=1x1x9x9"),
    Case("shapes twice for one name", ["'image' is given twice"], NET + "shapes=image=1x1x8x8,image=1x1x8x8"),
    Case(
        "iree_compile that is not there",
        ["IREE_COMPILE=/nowhere/iree-compile: no such tool"],
        "iree_compile=/nowhere/iree-compile",
    ),
    Case("iree_compile that is a folder", ["IREE_COMPILE=", "no such tool"], "iree_compile={folder}/samples"),
    Case(
        "iree_compile that is another program",
        ["No module named 'iree'. Install it: ", "iree-base-compiler"],
        GOOD + " iree_compile=/bin/false",
    ),
    Case("optimize for what nobody knows", ["optimize=fast: not one of speed, size, default"], GOOD + " optimize=fast"),
    Case("optimize for nothing", ["optimize=: not one of speed"], GOOD + " optimize="),
    Case("a rewrite that nobody knows", ["rewrites", "smald", "smlad"], GOOD + " rewrites=smald"),
    Case("rewrites that say all and one", ["rewrites", "all"], GOOD + " rewrites=all,bogus"),
    Case("an opset that is no number", ["opset=twelve: not the number of an opset"], NET + "opset=twelve"),
    Case("an opset below 0", ["opset=-3: not the number of an opset"], NET + "opset=-3"),
    Case("an opset that does not exist yet", ["opset=999: the newest that onnx "], NET + "opset=999"),
    Case(
        "a .tflite that is none",
        ["net.tflite is not a valid .tflite file: it does not have 'TFL3' at byte 4"],
        ON_BOARD + "model=net.tflite run",
        {"net.tflite": "TFL3"},
        good=GOOD,
    ),
    Case("a stack that is no size", ["stack=much: not a size in bytes, as in 4096, 16K or 1M"], GOOD + " stack=much"),
    Case("a stack with a wrong unit", ["stack=16G: not a size in bytes"], GOOD + " stack=16G"),
    Case("a stack below 0", ["stack=-16: not a size"], GOOD + " stack=-16"),
    Case("a stack of 0", ["stack=0: not a multiple of 16"], GOOD + " stack=0"),
    Case("a stack with a digit that is none", ["stack=²: not a size"], GOOD + " stack=²"),
    Case("a stack of odd size", ["stack=1001: not a multiple of 16"], GOOD + " stack=1001"),
    Case("a stack larger than the memory", ["board mps2-an386: stack and heap (104857600 + 0) exceed RAM"], GOOD + " stack=100M"),
    Case(
        "a stack that is too small for the model",
        ["stack of mps2-an386: multiply.elf takes ", "raise 'stack'"],
        GOOD + " stack=16",
    ),
    Case("a heap that is no size", ["heap=big: not a size"], GOOD + " heap=big"),
    Case("boards_path that is not there", ["boards_path=/nowhere: there is no such folder"], GOOD + " boards_path=/nowhere"),
    Case(
        "boards_path that is a file",
        ["boards_path={folder}/SConstruct: there is no such folder"],
        GOOD + " boards_path=SConstruct",
    ),
    Case("a bsp that is not there", ["there is no such folder or file", "none"], "board=stm32f4 bsp=none"),
    Case("a bsp for the host", ["runs no firmware"], "bsp=samples"),
    Case("a cache that is a file", ["cache={folder}/SConstruct: not a folder to write to"], GOOD + " cache=SConstruct"),
    Case("a cache that cannot be made", ["cache=/proc/none: not a folder to write to"], GOOD + " cache=/proc/none"),
    Case("a launcher that is not there", ["launcher=ccccache: no such program"], GOOD + " launcher=ccccache"),
    Case("a launcher that fails", ["Error 1"], GOOD + " launcher=false"),
    Case("a port that is no number", ["port=http: not a port"], "board=mps2-an386 port=http debug"),
    Case("a port that is too large", ["port=65536: not a port"], "board=mps2-an386 port=65536 debug"),
    Case("a port of 0", ["port=0: not a port"], "board=mps2-an386 port=0 debug"),
    Case("a port with a digit that is none", ["port=²: not a port"], "board=mps2-an386 port=² debug"),
    Case("a wrong port, only shown", ["port=http: not a port"], "board=mps2-an386 port=http dry_run=1 debug"),
    Case("a flasher that nobody knows", ["flasher=hammer"], "board=stm32f4 flasher=hammer flash dry_run=1"),
    Case(
        "a flasher that the board has nothing for",
        ["flasher=st-flash: board nrf52840-dk can be written with"],
        "board=nrf52840-dk flasher=st-flash flash dry_run=1",
    ),
    Case("flashing a board without a probe", ["names no debug probe"], "board=mps2-an386 flash"),
    Case("a new board without a name", ["new-board: name=''", "scons new-board name="], "new-board"),
    Case("a new board with blanks in its name", ["is not a name for a board"], "new-board 'name=my board'"),
    Case("a new board outside the folder", ["is not a name for a board"], "new-board name=../mine"),
    Case("a new board that exists", ["exists already"], "new-board name=mine", {"boards/mine.py": "# mine\n"}, good=GOOD),
    Case("a new board from none", ["no board 'stm32f44'. Did you mean stm32f"], "new-board name=mine from=stm32f44"),
    Case("verbose=perhaps", ["verbose", "perhaps"], GOOD + " verbose=perhaps"),
    Case("smallest=2", ["smallest", "2"], GOOD + " smallest=2"),
    Case("overlap=maybe", ["overlap", "maybe"], GOOD + " overlap=maybe"),
    Case("poison=arsenic", ["poison", "arsenic"], GOOD + " poison=arsenic"),
    Case("trust_cache=blindly", ["trust_cache", "blindly"], GOOD + " trust_cache=blindly"),
    Case("dry_run=wet", ["dry_run", "wet"], GOOD + " dry_run=wet"),
    Case(
        "custom.py with a syntax error",
        ["custom.py: SyntaxError: ", "line 2"],
        files={"custom.py": 'board = "stm32f4"\ndeploy = \n'},
    ),
    Case("custom.py that raises", ["custom.py: ZeroDivisionError: "], files={"custom.py": "x = 1 / 0\n"}),
    Case(
        "custom.py with an option that nobody knows",
        ["unknown option 'bord' in custom.py. Did you mean board?"],
        files={"custom.py": 'bord = "stm32f4"\n'},
    ),
    Case("custom.py with a wrong value", ["deploy=cloud: not one of"], files={"custom.py": 'deploy = "cloud"\n'}),
    Case("custom.py with a value of another type", ["no board '4'"], "sample=multiply", {"custom.py": "board = 4\n"}),
    Case("custom.py that is not text", ["custom.py: UnicodeDecodeError"], files={"custom.py": b"\xff\xfe\x00bad"}),
    Case("custom.py that is a folder of that name", ["custom.py: IsADirectoryError"], around=folder_named("custom.py")),
]
